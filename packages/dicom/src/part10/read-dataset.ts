import { jsonOf } from "../dataset/to-json.ts";
import { DicomError } from "../errors.ts";
import { transferSyntaxOf } from "../transfer-syntax.ts";
import type { DicomJson } from "../types.ts";
import { ElementReader, NeedMore } from "./element-reader.ts";

function codingOf(transferSyntaxUid: string) {
  const { byteOrder, explicitVr } = transferSyntaxOf(transferSyntaxUid);
  return { littleEndian: byteOrder === "little", explicitVr };
}

/**
 * Reads a data set that came without a file around it: a query's identifier, a performed step.
 *
 * @param bytes - All of it. Not retained.
 * @throws {DicomError} `TRUNCATED`, `MALFORMED`, `NESTING_TOO_DEEP`, `HEADER_TOO_LARGE`
 * @see DICOM PS3.7 §6.3
 */
export function readDataset(bytes: Uint8Array, transferSyntaxUid: string): DicomJson {
  const { dataset } = new ElementReader(bytes, codingOf(transferSyntaxUid), true).readHeader(0);
  return jsonOf(dataset, { bytes, deviations: new Map() });
}

/**
 * The first elements of a data set, up to and with `lastTag`.
 *
 * @param bytes - Its beginning. Not retained.
 * @returns `undefined` where they can't be read from these bytes: too few, broken, or deflated.
 */
export function readDatasetHead(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  lastTag: string,
): DicomJson | undefined {
  if (transferSyntaxOf(transferSyntaxUid).deflated) return undefined;
  try {
    const dataset = new ElementReader(bytes, codingOf(transferSyntaxUid), false).readUpTo(0, lastTag);
    return jsonOf(dataset, { bytes, deviations: new Map() });
  } catch (error) {
    if (error instanceof NeedMore || error instanceof DicomError) return undefined;
    throw error;
  }
}
