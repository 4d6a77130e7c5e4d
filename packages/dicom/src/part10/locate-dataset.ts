import { text } from "../dataset/read-values.ts";
import { jsonOf } from "../dataset/to-json.ts";
import { refusals } from "../errors.ts";
import { EXPLICIT_LITTLE, transferSyntaxOf } from "../transfer-syntax.ts";
import type { Deviation, DicomJson } from "../types.ts";
import { type Coding, ElementReader } from "./element-reader.ts";
import { beginsMeta, syntaxAt } from "./first-element.ts";
import { hasPrefix, PREFIX_BYTES } from "./preamble.ts";

export type Located = {
  hasMetaHeader: boolean;
  meta: DicomJson;
  transferSyntaxUid: string;
  start: number;
  deviations: Deviation[];
};

const EXPLICIT = { littleEndian: true, explicitVr: true };
function withoutMeta(bytes: Uint8Array, start: number): Located {
  const transferSyntaxUid = syntaxAt(bytes, start);
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
  const metaAt = prefixed ? PREFIX_BYTES : 0;
  if (!beginsMeta(bytes, metaAt)) return withoutMeta(bytes, metaAt);
  const { dataset, end } = new ElementReader(bytes, EXPLICIT, isWhole).readMeta(metaAt);
  const meta = jsonOf(dataset, { bytes, deviations: new Map() });
  const stated = text(meta, "00020010");
  const transferSyntaxUid = stated ?? syntaxAt(bytes, end) ?? EXPLICIT_LITTLE;
  const deviations = stated
    ? []
    : [{ code: "TRANSFER_SYNTAX_MISSING", message: "The file meta information names no transfer syntax." }];
  return { hasMetaHeader: prefixed, meta, transferSyntaxUid, start: end, deviations };
}

/** How the data set at `start` is coded. `statesVr`: its elements state VRs though the transfer syntax says that they don't. */
export function codingAt(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  start: number,
): { coding: Coding; statesVr: boolean } {
  const { byteOrder, explicitVr } = transferSyntaxOf(transferSyntaxUid);
  const statesVr = !explicitVr && syntaxAt(bytes, start) === EXPLICIT_LITTLE;
  return { coding: { littleEndian: byteOrder === "little", explicitVr: explicitVr || statesVr }, statesVr };
}
