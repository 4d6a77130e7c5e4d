import type { DicomJson } from "../types.ts";
import {
  directoryKeysOf,
  keysFrom,
  PATIENT_KEYS,
  recordOf,
  SERIES_KEYS,
  STUDY_KEYS,
} from "./directory-keys.ts";
import { element, encodeExplicit, item, joined, textValue, uints } from "./encode-explicit.ts";
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION } from "./implementation.ts";

export { directoryKeysOf };

/** One file of a file-set. */
export type DirectoryEntry = {
  /** Its components, of at most eight characters A to Z, 0 to 9 and `_`. @see DICOM PS3.10 §8.2 */
  fileId: readonly string[];
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
  /** As it is in the file; `directoryKeysOf` of it is enough. */
  header: DicomJson;
};
type Node = { type: string; keys: DicomJson; file: DirectoryEntry | undefined; below: Map<string, Node> };

const BASIC_DIRECTORY = "1.2.840.10008.1.3.10";
const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
const IN_UTF8: DicomJson = { "00080005": { vr: "CS", Value: ["ISO_IR 192"] } };

const first = (header: DicomJson, tag: string) => JSON.stringify(header[tag]?.Value?.[0] ?? "");

function nodeIn(above: Map<string, Node>, key: string, make: (number: string) => Omit<Node, "below">): Node {
  const held = above.get(key);
  if (held) return held;
  const node = { ...make(String(above.size + 1)), below: new Map() };
  above.set(key, node);
  return node;
}

/** Patients, their studies, their series, their files. Numbers that files don't state are their places; no date is invented. */
function treeOf(entries: readonly DirectoryEntry[]): Map<string, Node> {
  const patients = new Map<string, Node>();
  for (const entry of entries) {
    const { header } = entry;
    const patient = nodeIn(patients, `${first(header, "00100020")}${first(header, "00100010")}`, () => ({
      ...{ type: "PATIENT", file: undefined },
      keys: { ...IN_UTF8, ...keysFrom(header, PATIENT_KEYS) },
    }));
    const study = nodeIn(patient.below, first(header, "0020000D"), (number) => ({
      ...{ type: "STUDY", file: undefined },
      keys: { ...IN_UTF8, ...keysFrom(header, STUDY_KEYS, { "00200010": number }) },
    }));
    const series = nodeIn(study.below, first(header, "0020000E"), (number) => ({
      ...{ type: "SERIES", file: undefined },
      keys: { ...IN_UTF8, ...keysFrom(header, SERIES_KEYS, { "00200011": number }) },
    }));
    const { type, keys } = recordOf(entry.sopClassUid);
    nodeIn(series.below, entry.sopInstanceUid, (number) => ({
      ...{ type, file: entry },
      keys: { ...IN_UTF8, ...keysFrom(header, keys, { "00200013": number }) },
    }));
  }
  return patients;
}

const textElement = (tag: string, vr: string, ...values: string[]) =>
  element(tag, vr, textValue(values, vr === "UI" ? "\0" : " "));

const fileElements = ({ fileId, sopClassUid, sopInstanceUid, transferSyntaxUid }: DirectoryEntry) => [
  textElement("00041500", "CS", ...fileId),
  textElement("00041510", "UI", sopClassUid),
  textElement("00041511", "UI", sopInstanceUid),
  textElement("00041512", "UI", transferSyntaxUid),
];

/** Where, in a record, the offsets of the next record and of the first one below lie. */
const [NEXT_AT, BELOW_AT] = [16, 38];

function recordBytes({ type, keys, file }: Node): Uint8Array {
  return item(
    joined([
      element("00041400", "UL", uints([0, 4])),
      element("00041410", "US", uints([0xffff, 2])),
      element("00041420", "UL", uints([0, 4])),
      textElement("00041430", "CS", type),
      ...(file ? fileElements(file) : []),
      encodeExplicit(keys),
    ]),
  );
}

type Laid = { bytes: Uint8Array[]; first: number; last: number; end: number };

const point = (record: Uint8Array, at: number, to: number) =>
  new DataView(record.buffer, record.byteOffset).setUint32(at, to, true);

/** Records one behind the other, each with those below it, from `start` of the file on. */
function layOut(nodes: Iterable<Node>, start: number): Laid {
  const laid: Laid = { bytes: [], first: 0, last: 0, end: start };
  let before: Uint8Array | undefined;
  for (const node of nodes) {
    const record = recordBytes(node);
    if (before) point(before, NEXT_AT, laid.end);
    if (laid.first === 0) laid.first = laid.end;
    laid.last = laid.end;
    const below = layOut(node.below.values(), laid.end + record.length);
    point(record, BELOW_AT, below.first);
    for (const part of [record, ...below.bytes]) laid.bytes.push(part);
    laid.end = below.end;
    before = record;
  }
  return laid;
}

function metaBytes(sopInstanceUid: string): Uint8Array {
  const meta = joined([
    element("00020001", "OB", Uint8Array.of(0, 1)),
    textElement("00020002", "UI", BASIC_DIRECTORY),
    textElement("00020003", "UI", sopInstanceUid),
    textElement("00020010", "UI", EXPLICIT_LITTLE),
    textElement("00020012", "UI", IMPLEMENTATION_CLASS_UID),
    textElement("00020013", "SH", IMPLEMENTATION_VERSION),
  ]);
  const group = element("00020000", "UL", uints([meta.length, 4]));
  return joined([new Uint8Array(128), new TextEncoder().encode("DICM"), group, meta]);
}

const headBytes = (fileSetId: string, { first: from, last }: Pick<Laid, "first" | "last">) =>
  joined([
    textElement("00041130", "CS", fileSetId),
    element("00041200", "UL", uints([from, 4])),
    element("00041202", "UL", uints([last, 4])),
    element("00041212", "US", uints([0, 2])),
  ]);

const SEQUENCE_HEAD = 12;

/**
 * The DICOMDIR of a file-set: a Basic Directory of patients, studies, series and files, in Explicit VR Little Endian and
 * UTF-8. Runs in a browser as well.
 *
 * @param fileSetId - At most 16 characters A to Z, 0 to 9 and `_`.
 * @throws {RangeError} for a key too long for its VR
 * @see DICOM PS3.10 §8; PS3.3 Annex F
 */
export function writeDicomdir(
  { fileSetId, sopInstanceUid }: { fileSetId: string; sopInstanceUid: string },
  entries: readonly DirectoryEntry[],
): Uint8Array {
  const meta = metaBytes(sopInstanceUid);
  const start = meta.length + headBytes(fileSetId, { first: 0, last: 0 }).length + SEQUENCE_HEAD;
  const laid = layOut(treeOf(entries).values(), start);
  const records = element("00041220", "SQ", joined(laid.bytes));
  return joined([meta, headBytes(fileSetId, laid), records]);
}
