import { createHash, type Hash } from "node:crypto";
import { number } from "../dataset/read-values.ts";
import { jsonOf } from "../dataset/to-json.ts";
import { DicomError, refusals } from "../errors.ts";
import { isKnownTransferSyntax, isReferenced, transferSyntaxOf } from "../transfer-syntax.ts";
import type { Deviation, DicomJson, Part10Object, PixelData } from "../types.ts";
import { ElementReader, type Header } from "./element-reader.ts";
import { encapsulatedScanner } from "./encapsulated-pixels.ts";
import { geometryOf } from "./frame-geometry.ts";
import { inflated } from "./inflate.ts";
import { codingAt, type Located, locateDataset } from "./locate-dataset.ts";
import { nativeScanner, type PixelScanner } from "./native-pixels.ts";
import { hasPrefix, mustClear, PREAMBLE_BYTES, PREFIX_JUDGED_BYTES } from "./preamble.ts";
import { MOST_HEADER_BYTES, readHead, rejoin } from "./read-head.ts";

const MEDIA_DIRECTORY = "1.2.840.10008.1.3.10";

type Parsed = { header: Header; dataset: DicomJson; deviations: Deviation[] };

const VR_UNEXPECTED: Deviation = {
  code: "VR_UNEXPECTED",
  message:
    "The elements state VRs though the transfer syntax says that they don't; they were read with them.",
};

function parseDataset(bytes: Uint8Array, isWhole: boolean, located: Located, start: number): Parsed {
  const { coding, statesVr } = codingAt(bytes, located.transferSyntaxUid, start);
  const header = new ElementReader(bytes, coding, isWhole).readHeader(start);
  const noticed = statesVr ? [VR_UNEXPECTED, ...header.deviations] : header.deviations;
  const seen = new Map(noticed.map((deviation) => [deviation.code, deviation]));
  const dataset = jsonOf(header.dataset, { bytes, deviations: seen });
  return { header, dataset, deviations: [...located.deviations, ...seen.values()] };
}

/** Extended Offset Table (7FE0,0001): 64-bit offsets. It may be too long to stand in the header, so it is read here. */
function extendedOffsetsIn(header: Header, bytes: Uint8Array): number[] | undefined {
  const element = header.dataset.elements.find(({ tag }) => tag === "7FE00001");
  if (!element || element.length === 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + element.offset, element.length);
  return Array.from({ length: Math.floor(element.length / 8) }, (_, index) =>
    Number(view.getBigUint64(index * 8, true)),
  );
}

const BITS: Record<string, number> = { "7FE00008": 32, "7FE00009": 64 };

function scannerFor(
  { header, dataset }: Parsed,
  bytes: Uint8Array,
  transferSyntaxUid: string,
): PixelScanner | undefined {
  const { pixels } = header;
  if (!pixels) return undefined;
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (pixels.length === 0) return undefined;
  const isEncapsulated = pixels.length === undefined;
  if (isKnownTransferSyntax(transferSyntaxUid) && isEncapsulated !== syntax.encapsulated)
    throw refusals.malformed("image data in another form than the transfer syntax says");
  if (isEncapsulated) {
    const numberOfFrames = number(dataset, "00280008") ?? 1;
    if (!Number.isSafeInteger(numberOfFrames) || numberOfFrames < 1 || numberOfFrames > 1_000_000)
      throw refusals.dimensions();
    return encapsulatedScanner({
      start: pixels,
      syntax,
      numberOfFrames,
      extendedOffsets: extendedOffsetsIn(header, bytes),
    });
  }
  return nativeScanner(pixels, geometryOf(dataset, BITS[pixels.tag]));
}

type Scanned = Parsed & { pixelData: PixelData | undefined };

/** Head, then pixels, of a data set whose bytes lie in `source` from `start` on. */
async function scan(
  source: AsyncIterator<Uint8Array>,
  mostBytes: number,
  locate: (bytes: Uint8Array, isWhole: boolean) => Located,
) {
  const { bytes, found } = await readHead(source, mostBytes, (head, isWhole) => {
    const located = locate(head, isWhole);
    const isDeflated = transferSyntaxOf(located.transferSyntaxUid).deflated === true && located.start > 0;
    return { located, parsed: isDeflated ? undefined : parseDataset(head, isWhole, located, located.start) };
  });
  return { bytes, ...found };
}

async function scanPixels(
  source: AsyncIterator<Uint8Array>,
  bytes: Uint8Array,
  parsed: Parsed,
  transferSyntaxUid: string,
): Promise<Scanned> {
  const scanner = scannerFor(parsed, bytes, transferSyntaxUid);
  scanner?.push(bytes.subarray(parsed.header.pixels?.offset ?? bytes.length));
  for (let next = await source.next(); !next.done; next = await source.next()) scanner?.push(next.value);
  if (!scanner) return { ...parsed, pixelData: undefined };
  const { pixels, deviations } = scanner.finish();
  return { ...parsed, deviations: [...parsed.deviations, ...deviations], pixelData: pixels };
}

async function scanDeflated(
  source: AsyncIterator<Uint8Array>,
  bytes: Uint8Array,
  located: Located,
  mostBytes: number,
): Promise<Scanned> {
  const unpacked = inflated(rejoin(bytes.subarray(located.start), source));
  const inner = { ...located, start: 0 };
  const { bytes: head, parsed } = await scan(unpacked, mostBytes, () => inner);
  if (!parsed) throw refusals.malformed("deflated twice");
  return scanPixels(unpacked, head, parsed, located.transferSyntaxUid);
}

function checkKind(located: Located): Deviation[] {
  if (located.meta["00020002"]?.Value?.[0] === MEDIA_DIRECTORY) throw refusals.dicomdir();
  if (isReferenced(located.transferSyntaxUid)) throw refusals.unsupported();
  if (isKnownTransferSyntax(located.transferSyntaxUid)) return [];
  return [
    {
      code: "TRANSFER_SYNTAX_UNKNOWN",
      message: "The transfer syntax is not in the standard's list; the object is kept and not shown.",
    },
  ];
}

/** Both sums in one pass: as received, and as it is to be stored. */
async function* summed(source: AsyncIterable<Uint8Array>, sums: Sums): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    sums.add(chunk);
    yield chunk;
  }
}

class Sums {
  readonly #received = createHash("sha256");
  /** Only of what is stored otherwise than it was received: of all else the two sums are one. */
  #stored: Hash | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);
  sizeBytes = 0;
  preamble: { bytes: Uint8Array; mustClear: boolean } | undefined;

  add(chunk: Uint8Array): void {
    this.#received.update(chunk);
    this.sizeBytes += chunk.length;
    if (!this.#head) {
      this.#stored?.update(chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= PREFIX_JUDGED_BYTES) this.#settleHead();
  }

  #settleHead(): void {
    const head = this.#head ?? Buffer.alloc(0);
    this.#head = undefined;
    if (hasPrefix(head)) {
      const bytes = Uint8Array.from(head.subarray(0, PREAMBLE_BYTES));
      this.preamble = { bytes, mustClear: mustClear(bytes) };
    }
    if (!this.preamble?.mustClear) return;
    this.#stored = createHash("sha256");
    this.#stored.update(Buffer.alloc(PREAMBLE_BYTES)).update(head.subarray(PREAMBLE_BYTES));
  }

  finish() {
    if (this.#head) this.#settleHead();
    const sha256Received = this.#received.digest("hex");
    return {
      sizeBytes: this.sizeBytes,
      sha256Received,
      sha256Stored: this.#stored?.digest("hex") ?? sha256Received,
      preamble: this.preamble,
    };
  }
}

/** A broken file may make any library or engine call fail; what it throws is told as a broken file, nothing else. */
function asRefusal(error: unknown): unknown {
  if (error instanceof RangeError)
    return new DicomError(
      "MALFORMED",
      "The file's structure is broken. Send it again from its source.",
      "invalid",
      { cause: error },
    );
  return error;
}

/**
 * Reads a Part 10 object in one pass over its bytes and in bounded memory: what it says of itself and where each frame lies.
 *
 * @param source - The bytes, in chunks of any size. Not retained.
 * @param options.maxHeaderBytes - The most that may stand before the pixel data. 32 MB.
 * @throws {DicomError} with a stable code: `EMPTY_FILE`, `NOT_DICOM`, `DICOMDIR`, `TRUNCATED`, `MALFORMED`, `HEADER_TOO_LARGE`,
 * `NESTING_TOO_DEEP`, `DIMENSIONS_INVALID`, `PIXEL_DATA_TRUNCATED`, `FRAME_COUNT_MISMATCH`, `INFLATE_BOMB`, `INFLATE_FAILED`,
 * `TRANSFER_SYNTAX_UNSUPPORTED`
 * @see DICOM PS3.10 §7.1 (file format), PS3.5 §7 (data set), §8 and §A.4 (pixel data)
 */
export async function readPart10(
  source: AsyncIterable<Uint8Array>,
  options: { maxHeaderBytes?: number } = {},
): Promise<Part10Object> {
  const mostBytes = options.maxHeaderBytes ?? MOST_HEADER_BYTES;
  const sums = new Sums();
  const stream = summed(source, sums);
  try {
    const { bytes, located, parsed } = await scan(stream, mostBytes, (head, isWhole) => {
      if (head.length === 0) throw refusals.empty();
      const found = locateDataset(head, isWhole);
      return { ...found, deviations: [...found.deviations, ...checkKind(found)] };
    });
    const scanned = parsed
      ? await scanPixels(stream, bytes, parsed, located.transferSyntaxUid)
      : await scanDeflated(stream, bytes, located, mostBytes);
    // What lies behind a deflated data set (padding) is part of the object and of its sums.
    for (let next = await stream.next(); !next.done; ) next = await stream.next();
    return {
      ...sums.finish(),
      hasMetaHeader: located.hasMetaHeader,
      transferSyntaxUid: located.transferSyntaxUid,
      meta: located.meta,
      dataset: scanned.dataset,
      encoding: parsed ? "plain" : "deflate",
      pixelData: scanned.pixelData,
      deviations: scanned.deviations,
    };
  } catch (error) {
    throw asRefusal(error);
  } finally {
    await stream.return(undefined);
  }
}

/** What an object says of itself before its pixel data. */
export type Part10Header = Pick<Part10Object, "hasMetaHeader" | "transferSyntaxUid" | "meta" | "dataset"> & {
  /** The preamble is neither zero nor a TIFF header, and will be cleared. */
  clearsPreamble: boolean;
};

/**
 * Reads only as far as the pixel data: who an object is, not whether it is whole.
 *
 * @param source - The bytes, in chunks of any size. Not read further than needed, and not retained.
 * @throws {DicomError} as `readPart10`, but for what concerns pixel data
 * @see DICOM PS3.10 §7.1
 */
export async function readHeader(source: AsyncIterable<Uint8Array>): Promise<Part10Header> {
  const stream = source[Symbol.asyncIterator]();
  try {
    const { bytes, located, parsed } = await scan(stream, MOST_HEADER_BYTES, (head, isWhole) => {
      if (head.length === 0) throw refusals.empty();
      const found = locateDataset(head, isWhole);
      checkKind(found);
      return found;
    });
    const dataset = parsed?.dataset ?? (await deflatedHeader(stream, bytes, located));
    const { hasMetaHeader, transferSyntaxUid, meta } = located;
    const clearsPreamble = hasPrefix(bytes) && mustClear(bytes.subarray(0, PREAMBLE_BYTES));
    return { hasMetaHeader, transferSyntaxUid, meta, dataset, clearsPreamble };
  } catch (error) {
    throw asRefusal(error);
  } finally {
    await stream.return?.();
  }
}

async function deflatedHeader(source: AsyncIterator<Uint8Array>, bytes: Uint8Array, located: Located) {
  const unpacked = inflated(rejoin(bytes.subarray(located.start), source));
  try {
    const { parsed } = await scan(unpacked, MOST_HEADER_BYTES, () => ({ ...located, start: 0 }));
    if (!parsed) throw refusals.malformed("deflated twice");
    return parsed.dataset;
  } finally {
    await unpacked.return?.(undefined);
  }
}
