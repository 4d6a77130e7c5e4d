import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DicomError } from "../errors.ts";
import { parseMediaType } from "./media-type.ts";
import { readMultipart } from "./multipart-reader.ts";

const WHOLE_OBJECTS = 'Send whole DICOM objects: multipart/related; type="application/dicom".';

const storeRefusals = {
  mediaType: () =>
    new DicomError("MEDIA_TYPE_UNSUPPORTED", `This can't be stored here. ${WHOLE_OBJECTS}`, "unsupported"),
  metadata: () =>
    new DicomError(
      "METADATA_NOT_TAKEN",
      `Metadata with bulk data beside it can't be stored here. ${WHOLE_OBJECTS}`,
      "unsupported",
    ),
  encoding: () =>
    new DicomError(
      "CONTENT_ENCODING_UNSUPPORTED",
      "The request is packed in a way that is not taken here. Send it plain, or with gzip.",
      "unsupported",
    ),
  unpacksTooLarge: () =>
    new DicomError(
      "GZIP_TOO_LARGE",
      "The request unpacks to more than is taken here. Send fewer objects in one request, or send them to your trust's gateway program.",
      "too_large",
    ),
  gzip: () => new DicomError("GZIP_BROKEN", "The packed request can't be unpacked. Send it again."),
  partType: () =>
    new DicomError(
      "PART_NOT_DICOM",
      "A part of the request is no DICOM object, by its Content-Type.",
      "unsupported",
    ),
  transferEncoding: () =>
    new DicomError(
      "TRANSFER_ENCODING_UNSUPPORTED",
      "A part is written in base64 or as quoted text. Send its bytes as they are.",
      "unsupported",
    ),
};

/** One object of a store request, or why that part is none. */
export type StorePart = { refused: DicomError | undefined; body: AsyncIterable<Uint8Array> };

type Head = { contentType: string | undefined; contentEncoding: string | undefined };

const OBJECT_TYPES = new Set(["application/dicom", "application/octet-stream"]);
const PLAIN = new Set(["binary", "8bit", "7bit"]);

function partRefusal(headers: ReadonlyMap<string, string>): DicomError | undefined {
  const stated = headers.get("content-type");
  const type = parseMediaType(stated ?? "")?.type;
  // A part that states nothing is what the request says of all.
  if (stated !== undefined && !OBJECT_TYPES.has(type ?? "")) return storeRefusals.partType();
  const transfer = headers.get("content-transfer-encoding")?.toLowerCase();
  return transfer === undefined || PLAIN.has(transfer) ? undefined : storeRefusals.transferEncoding();
}

async function* partsIn(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<StorePart> {
  for await (const { headers, body: bytes } of readMultipart(body, boundary))
    yield { refused: partRefusal(headers), body: bytes };
}

async function* oneOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<StorePart> {
  yield { refused: undefined, body };
}

type Opener = (body: AsyncIterable<Uint8Array>) => AsyncGenerator<StorePart>;

/** How the body is taken apart, from its Content-Type alone. */
function openerOf(contentType: string | undefined): Opener {
  const media = parseMediaType(contentType ?? "");
  if (media?.type === "application/dicom") return oneOf;
  if (media?.type !== "multipart/related") throw storeRefusals.mediaType();
  const type = parseMediaType(media.parameters.type ?? "application/dicom")?.type;
  if (type === "application/dicom+json" || type === "application/dicom+xml") throw storeRefusals.metadata();
  if (type !== "application/dicom") throw storeRefusals.mediaType();
  const boundary = media.parameters.boundary ?? "";
  return (body) => partsIn(body, boundary);
}

/** Unpacked as it is read; the limit holds while it is unpacked, so a bomb is never held. */
async function* gunzipped(body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  const unpack = createGunzip();
  const feeding = pipeline(Readable.from(body), unpack).catch(() => {});
  let seen = 0;
  try {
    for await (const chunk of unpack) {
      seen += chunk.length;
      if (seen > mostBytes) throw storeRefusals.unpacksTooLarge();
      yield chunk;
    }
  } catch (error) {
    const isOfZlib = error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
    throw isOfZlib ? storeRefusals.gzip() : error;
  } finally {
    unpack.destroy();
    await feeding;
  }
}

/**
 * The objects of a store request (STOW-RS), one after another, in bounded memory.
 *
 * @param head - Content-Type and Content-Encoding as they came.
 * @param body - The bytes of the request. A part's bytes are read once, and before the next part is asked for.
 * @param mostUnpackedBytes - The most that a packed request may unpack to.
 * @throws {DicomError} at once `MEDIA_TYPE_UNSUPPORTED`, `METADATA_NOT_TAKEN`, `CONTENT_ENCODING_UNSUPPORTED`; while it is read
 * `GZIP_TOO_LARGE`, `GZIP_BROKEN`, `MULTIPART_MALFORMED`, `MULTIPART_TRUNCATED`
 * @see DICOM PS3.18 §10.5, §8.7.3.5 (media types of instances)
 */
export function readStoreRequest(
  { contentType, contentEncoding }: Head,
  body: AsyncIterable<Uint8Array>,
  mostUnpackedBytes: number,
): AsyncGenerator<StorePart> {
  const open = openerOf(contentType);
  const encoding = contentEncoding?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return open(body);
  if (encoding !== "gzip" && encoding !== "x-gzip") throw storeRefusals.encoding();
  return open(gunzipped(body, mostUnpackedBytes));
}
