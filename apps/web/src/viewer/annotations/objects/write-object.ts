import type { Header } from "../../contract.ts";
import { items } from "../../header.ts";

const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
/** As of every file that Weald writes. @see docs/dicom-conformance-statement.md */
const IMPLEMENTATION = "2.25.307208419353847192834751029384756102";
type Written = Record<string, { vr: string; Value: unknown[] }>;

/** The writer wants a list of values, be it empty, at every level. */
function withValues(dataset: Header): Written {
  return Object.fromEntries(
    Object.entries(dataset).map(([tag, { vr, Value = [] }]) => [
      tag,
      { vr, Value: vr === "SQ" ? items({ [tag]: { vr, Value } }, tag).map(withValues) : [...Value] },
    ]),
  );
}
const text = (header: Header, tag: string) => String(header[tag]?.Value?.[0] ?? "");
const ui = (value: string) => ({ vr: "UI", Value: [value] });

/** A Part 10 file. The writer is fetched once it is needed: who only looks doesn't load it. */
export async function writeObject(dataset: Header): Promise<Uint8Array> {
  const { data } = await import("dcmjs");
  const file = new data.DicomDict({
    "00020001": { vr: "OB", Value: [new Uint8Array([0, 1]).buffer] },
    "00020002": ui(text(dataset, "00080016")),
    "00020003": ui(text(dataset, "00080018")),
    "00020010": ui(EXPLICIT_LITTLE),
    "00020012": ui(IMPLEMENTATION),
    "00020013": { vr: "SH", Value: ["WEALD_1"] },
  });
  file.dict = withValues(dataset);
  return new Uint8Array(file.write());
}
