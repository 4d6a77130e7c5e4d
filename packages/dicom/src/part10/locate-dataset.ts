import { text } from "../dataset/read-values.ts";
import { jsonOf } from "../dataset/to-json.ts";
import { refusals } from "../errors.ts";
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "../transfer-syntax.ts";
import type { Deviation, DicomJson } from "../types.ts";
import { ElementReader } from "./element-reader.ts";
import { hasPrefix, PREAMBLE_BYTES } from "./preamble.ts";

export type Located = {
  hasMetaHeader: boolean;
  meta: DicomJson;
  transferSyntaxUid: string;
  start: number;
  deviations: Deviation[];
};

const EXPLICIT = { littleEndian: true, explicitVr: true };
const isVr = (a: number, b: number) => a >= 65 && a <= 90 && b >= 65 && b <= 90;

/** Without file meta information: the first element tells byte order and whether VRs are there. */
function guessSyntax(bytes: Uint8Array, at: number): string | undefined {
  const [g0 = 0, g1 = 0, , , v0 = 0, v1 = 0] = bytes.subarray(at, at + 6);
  if (g0 === 0 && g1 > 0 && g1 <= 0x28) return isVr(v0, v1) ? EXPLICIT_BIG : undefined;
  if (g1 !== 0 || g0 < 2 || g0 > 0x28) return undefined;
  return isVr(v0, v1) ? EXPLICIT_LITTLE : IMPLICIT_LITTLE;
}

function withoutMeta(bytes: Uint8Array, start: number): Located {
  const transferSyntaxUid = guessSyntax(bytes, start);
  if (!transferSyntaxUid || bytes.length < start + 16) throw refusals.notDicom();
  const deviations = [
    {
      code: "META_MISSING",
      message: "The object came without file meta information; its coding was found by looking.",
    },
  ];
  return {
    hasMetaHeader: false,
    meta: { "00020010": { vr: "UI", Value: [transferSyntaxUid] } },
    transferSyntaxUid,
    start,
    deviations,
  };
}

/**
 * Where the data set begins and how it is coded, from the head of a file.
 *
 * @throws {DicomError} `NOT_DICOM`; @throws {NeedMore} when the head is too short to tell
 */
export function locateDataset(bytes: Uint8Array, isWhole: boolean): Located {
  const prefixed = hasPrefix(bytes);
  const metaAt = prefixed ? PREAMBLE_BYTES + 4 : 0;
  const hasGroup2 =
    bytes[metaAt] === 2 && bytes[metaAt + 1] === 0 && isVr(bytes[metaAt + 4] ?? 0, bytes[metaAt + 5] ?? 0);
  if (!hasGroup2) return withoutMeta(bytes, metaAt);
  const { dataset, end } = new ElementReader(bytes, EXPLICIT, isWhole).readMeta(metaAt);
  const meta = jsonOf(dataset, { bytes, littleEndian: true, deviations: new Map() });
  const stated = text(meta, "00020010");
  const transferSyntaxUid = stated ?? guessSyntax(bytes, end) ?? EXPLICIT_LITTLE;
  const deviations = stated
    ? []
    : [{ code: "TRANSFER_SYNTAX_MISSING", message: "The file meta information names no transfer syntax." }];
  return { hasMetaHeader: prefixed, meta, transferSyntaxUid, start: end, deviations };
}
