import { Readable } from "node:stream";
import { createDeflateRaw } from "node:zlib";
import { text } from "../dataset/read-values.ts";
import { refusals } from "../errors.ts";
import { DEFLATED, transferSyntaxOf } from "../transfer-syntax.ts";
import type { DicomJson, DicomJsonAttribute } from "../types.ts";
import { type Coding, ElementReader, type PixelStart, type RawDataset } from "./element-reader.ts";
import { encodedPiece, type Piece, recodedPieces, swapWords } from "./encode-raw.ts";
import { inflated } from "./inflate.ts";
import { codingAt, type Located, locateDataset } from "./locate-dataset.ts";
import { hasPrefix, mustClear, PREAMBLE_BYTES, PREFIX_BYTES } from "./preamble.ts";
import { MOST_HEADER_BYTES, readHead, rejoin } from "./read-head.ts";
import { elementHead, type WriteCoding, writeMetaHeader } from "./write-part10.ts";

/** How an object is given out. */
export type ServedAs = {
  /** Of what is written: the stored one, or Explicit VR Little Endian. */
  transferSyntaxUid: string;
  sopClassUid: string;
  sopInstanceUid: string;
  /** Attributes of the outermost level that are served in place of the stored ones: the overlay's word. */
  changed: DicomJson;
  /** Frames decoded from an encapsulated syntax; the source then ends before its pixels. */
  decoded?: DecodedPixels;
};
export type DecodedPixels = { vr: "OB" | "OW"; lengthBytes: number; frames: AsyncIterable<Uint8Array> };

const MOST_TRAILING_BYTES = MOST_HEADER_BYTES;
const SWAPPED: Record<string, number> = { OW: 2, OF: 4, OD: 8 };
type Head = { located: Located; bytes: Uint8Array };
type ParsedHead = { dataset: RawDataset; pixels: PixelStart | undefined; end: number; coding: Coding };

function parseHead(
  bytes: Uint8Array,
  isWhole: boolean,
  transferSyntaxUid: string,
  start: number,
): ParsedHead {
  const { coding } = codingAt(bytes, transferSyntaxUid, start);
  return { ...new ElementReader(bytes, coding, isWhole).readHeader(start), coding };
}

const isAscii = (value: unknown): boolean =>
  typeof value === "string"
    ? !/[^\0-\x7f]/.test(value)
    : !(value instanceof Object) || Object.values(value).every(isAscii);

/** Text of an overlay is Unicode: beside text in another character set the whole header is written in UTF-8. */
const mustBecomeUnicode = ({ dataset }: ParsedHead, bytes: Uint8Array, changed: DicomJson): boolean => {
  if (isAscii(changed)) return false;
  const element = dataset.elements.find(({ tag }) => tag === "00080005");
  return (
    !element ||
    !/ISO_IR 192/.test(
      Buffer.from(bytes.subarray(element.offset, element.offset + element.length)).toString("latin1"),
    )
  );
};

/** A value that the index only refers to (an overlay keeps what stood there) is taken from the stored bytes. */
function resolved(attribute: DicomJsonAttribute, bytes: Uint8Array): DicomJsonAttribute {
  const { BulkDataURI, Value, ...rest } = attribute;
  if (BulkDataURI !== undefined) {
    const [offset = 0, length = 0] = BulkDataURI.split(":").map(Number);
    return { ...rest, InlineBinary: Buffer.from(bytes.subarray(offset, offset + length)).toString("base64") };
  }
  if (rest.vr !== "SQ" || !Value) return attribute;
  const items = Value.map((item) =>
    item instanceof Object
      ? Object.fromEntries(Object.entries(item as DicomJson).map(([tag, one]) => [tag, resolved(one, bytes)]))
      : item,
  );
  return { ...rest, Value: items };
}

/** Elements as they lie there, group lengths apart: those of a changed group would be wrong. */
function storedPieces(
  { dataset }: ParsedHead,
  bytes: Uint8Array,
  start: number,
  changed: DicomJson,
): Piece[] {
  const groups = new Set(Object.keys(changed).map((tag) => tag.slice(0, 4)));
  let from = start;
  return dataset.elements.flatMap((element): Piece[] => {
    const to = element.offset + element.length;
    const piece = { tag: element.tag, bytes: Buffer.from(bytes.subarray(from, to)) };
    from = to;
    return element.tag.endsWith("0000") && groups.has(element.tag.slice(0, 4)) ? [] : [piece];
  });
}

function withChanges(
  pieces: readonly Piece[],
  changed: DicomJson,
  bytes: Uint8Array,
  to: WriteCoding,
): Buffer {
  const left = pieces.filter(({ tag }) => !(tag in changed));
  const made = Object.entries(changed).map(([tag, attribute]) => ({
    tag,
    bytes: encodedPiece(tag, resolved(attribute, bytes), to),
  }));
  const whole =
    made.length === 0
      ? left
      : [...left, ...made].sort((a, b) => (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0));
  return Buffer.concat(whole.map((piece) => piece.bytes));
}

/** The data set up to its pixels, in the coding that is asked for. */
function headBytes(
  head: ParsedHead,
  bytes: Uint8Array,
  start: number,
  as: ServedAs,
  to: WriteCoding,
): Buffer {
  const toUnicode = mustBecomeUnicode(head, bytes, as.changed);
  const isSame = head.coding.littleEndian === to.little && head.coding.explicitVr === to.explicit;
  const changed = toUnicode ? { ...as.changed, "00080005": { vr: "CS", Value: ["ISO_IR 192"] } } : as.changed;
  const pieces =
    isSame && !toUnicode && !as.decoded
      ? storedPieces(head, bytes, start, changed)
      : recodedPieces(head.dataset, { bytes, to, toUnicode });
  return withChanges(pieces, changed, bytes, to);
}

/** Turns words round across the borders of chunks. */
async function* swapped(source: AsyncIterable<Uint8Array>, width: number): AsyncGenerator<Uint8Array> {
  let kept: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([kept, chunk]);
    const whole = bytes.length - (bytes.length % width);
    yield swapWords(bytes.subarray(0, whole), width);
    kept = bytes.subarray(whole);
  }
  if (kept.length > 0) yield kept;
}

/** Exactly so many bytes; what is behind them stays to be read. */
async function* take(
  source: AsyncIterator<Uint8Array>,
  length: number,
  behind: Buffer[],
): AsyncGenerator<Uint8Array> {
  for (let left = length; left > 0; ) {
    const next = await source.next();
    if (next.done) throw refusals.pixelsTruncated();
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    yield chunk.subarray(0, left);
    if (chunk.length > left) behind.push(chunk.subarray(left));
    left -= Math.min(left, chunk.length);
  }
}

async function allOf(source: AsyncIterator<Uint8Array>, already: readonly Buffer[]): Promise<Buffer> {
  const chunks = [...already];
  let size = 0;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    size += next.value.length;
    if (size > MOST_TRAILING_BYTES) throw refusals.headerTooLarge();
    chunks.push(Buffer.from(next.value));
  }
  return Buffer.concat(chunks);
}

/** Padding and signatures say something of other bytes than these. */
const isTrailing = (tag: string) => tag > "7FE00010" && !/^(FFFA|FFFC)/.test(tag);

/** Pixels of a native syntax and what lies behind them, in another coding. */
async function* recodedRest(
  head: ParsedHead,
  pixels: PixelStart,
  rest: AsyncIterator<Uint8Array>,
  to: WriteCoding,
): AsyncGenerator<Uint8Array> {
  const length = pixels.length ?? 0;
  yield elementHead(pixels.tag, pixels.vr, length, to);
  const behind: Buffer[] = [];
  const bytes = take(rest, length, behind);
  const width = head.coding.littleEndian === to.little ? undefined : SWAPPED[pixels.vr];
  yield* width ? swapped(bytes, width) : bytes;
  const trailing = await allOf(rest, behind);
  if (trailing.length === 0) return;
  const found = new ElementReader(trailing, head.coding, true).readHeader(0);
  const kept = { ...found.dataset, elements: found.dataset.elements.filter(({ tag }) => isTrailing(tag)) };
  for (const piece of recodedPieces(kept, { bytes: trailing, to, toUnicode: false })) yield piece.bytes;
}

async function* served(
  head: ParsedHead,
  bytes: Uint8Array,
  start: number,
  rest: AsyncIterator<Uint8Array>,
  as: ServedAs,
): AsyncGenerator<Uint8Array> {
  const { explicitVr, byteOrder } = transferSyntaxOf(as.transferSyntaxUid);
  const isSame =
    head.coding.littleEndian === (byteOrder === "little") && (as.decoded !== undefined || explicitVr);
  const stored = { little: head.coding.littleEndian, explicit: head.coding.explicitVr };
  // As stored also where elements state VRs that the syntax says they don't.
  const to =
    isSame && !as.decoded && head.coding.explicitVr === explicitVr
      ? stored
      : { little: byteOrder === "little", explicit: explicitVr };
  yield headBytes(head, bytes, start, as, to);
  if (as.decoded) {
    const { vr, lengthBytes, frames } = as.decoded;
    yield elementHead("7FE00010", vr, lengthBytes + (lengthBytes % 2), to);
    yield* frames;
    if (lengthBytes % 2 === 1) yield Buffer.alloc(1);
    return;
  }
  const { pixels, end } = head;
  if (!pixels) return;
  const isRecoded = to.little !== stored.little || to.explicit !== stored.explicit;
  const from = rejoin(bytes.subarray(end), rest);
  if (isRecoded) {
    yield* recodedRest(head, pixels, from, to);
    return;
  }
  const last = head.dataset.elements.at(-1);
  yield bytes.subarray(last ? last.offset + last.length : start, end);
  yield* from;
}

/** The stored preamble where it is harmless, and file meta information that is true of what is written. */
function metaOf({ located, bytes }: Head, as: ServedAs): Buffer {
  const stated = {
    sopClassUid: text(located.meta, "00020002"),
    sopInstanceUid: text(located.meta, "00020003"),
  };
  const preamble = hasPrefix(bytes) ? bytes.subarray(0, PREAMBLE_BYTES) : new Uint8Array(PREAMBLE_BYTES);
  const clean = mustClear(preamble) ? new Uint8Array(PREAMBLE_BYTES) : preamble;
  const isTrue =
    stated.sopInstanceUid !== undefined &&
    text(located.meta, "00020010") === as.transferSyntaxUid &&
    !("00080018" in as.changed) &&
    !("00080016" in as.changed);
  if (!isTrue) return Buffer.concat([clean, writeMetaHeader(as).subarray(PREAMBLE_BYTES)]);
  const metaStart = hasPrefix(bytes) ? PREFIX_BYTES : 0;
  return Buffer.concat([clean, Buffer.from("DICM"), bytes.subarray(metaStart, located.start)]);
}

/**
 * A stored object as it is served: with a meta header made for one that came without, with the overlay's attributes in place
 * of the stored ones, or in Explicit VR Little Endian. Where nothing of it changes its bytes are the stored ones. In one
 * pass and in bounded memory; pixels stream through.
 *
 * @param source - The stored object from its first byte. Not retained.
 * @throws {DicomError} where the stored object can't be read
 * @see DICOM PS3.10 §7.1; PS3.5 §7, §A
 */
export async function* serveObject(
  source: AsyncIterable<Uint8Array>,
  as: ServedAs,
): AsyncGenerator<Uint8Array> {
  const stream = source[Symbol.asyncIterator]();
  const { bytes, found } = await readHead(stream, MOST_HEADER_BYTES, (head, isWhole) => {
    const located = locateDataset(head, isWhole);
    const isDeflated = transferSyntaxOf(located.transferSyntaxUid).deflated === true && located.start > 0;
    return {
      located,
      head: isDeflated ? undefined : parseHead(head, isWhole, located.transferSyntaxUid, located.start),
    };
  });
  yield metaOf({ located: found.located, bytes }, as);
  if (found.head) {
    yield* served(found.head, bytes, found.located.start, stream, as);
    return;
  }
  yield* servedDeflated(bytes, found.located, stream, as);
}

async function* servedDeflated(
  bytes: Uint8Array,
  located: Located,
  rest: AsyncIterator<Uint8Array>,
  as: ServedAs,
): AsyncGenerator<Uint8Array> {
  const isUnchanged = as.transferSyntaxUid === DEFLATED && Object.keys(as.changed).length === 0;
  const packed = rejoin(bytes.subarray(located.start), rest);
  if (isUnchanged) {
    yield* packed;
    return;
  }
  const unpacked = inflated(packed);
  const inner = await readHead(unpacked, MOST_HEADER_BYTES, (head, isWhole) =>
    parseHead(head, isWhole, located.transferSyntaxUid, 0),
  );
  const plain = served(inner.found, inner.bytes, 0, unpacked, as);
  yield* as.transferSyntaxUid === DEFLATED ? deflated(plain) : plain;
}

async function* deflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pack = createDeflateRaw();
  const input = Readable.from(source);
  input.on("error", (error) => pack.destroy(error));
  yield* input.pipe(pack);
}

/**
 * The data set of a deflated object, unpacked: what locators of such an object count in.
 *
 * @throws {DicomError} `INFLATE_BOMB`, `INFLATE_FAILED`, `NOT_DICOM`
 */
export async function* unpackObject(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = source[Symbol.asyncIterator]();
  const { bytes, found } = await readHead(stream, MOST_HEADER_BYTES, locateDataset);
  yield* inflated(rejoin(bytes.subarray(found.start), stream));
}
