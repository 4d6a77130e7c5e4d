import { DEFLATED, EXPLICIT_LITTLE, transferSyntaxOf } from "../transfer-syntax.ts";
import type { ByteSpan, DicomJson, DicomJsonAttribute, FrameLocator } from "../types.ts";
import { elementHead, valueBytes, type WriteCoding, writeMetaHeader } from "./write-part10.ts";

const UNDEFINED = 0xffffffff;
const ITEM = "FFFEE000";
const SEQUENCE_END = "FFFEE0DD";

/** Bytes made here, or a span of the object that it is made of. */
export type LaidPiece = Uint8Array | ByteSpan;

export type Layout = {
  transferSyntaxUid: string;
  sizeBytes: number;
  /** In this order they are the object. */
  pieces: LaidPiece[];
  /** Where the frames lie in it. */
  frames: FrameLocator[];
  /** The header, its long values as spans of this object. */
  dataset: DicomJson;
};

export type LayingOut = {
  /** What is to stand in the header; long values as `offset:length` of the source. Text is written in UTF-8. */
  dataset: DicomJson;
  /** Of the source, in the order in which they are to stand. */
  frames: readonly FrameLocator[];
  transferSyntaxUid: string;
};

const lengthOf = (piece: LaidPiece) => piece.length;
const sum = (pieces: readonly LaidPiece[]) => pieces.reduce((total, piece) => total + lengthOf(piece), 0);

function spanOf(uri: string): ByteSpan {
  const [offset = 0, length = 0] = uri.split(":").map(Number);
  return { offset, length };
}

function valuePieces(attribute: DicomJsonAttribute, coding: WriteCoding): LaidPiece[] {
  if (attribute.BulkDataURI !== undefined) return [spanOf(attribute.BulkDataURI)];
  if (attribute.vr !== "SQ") return [valueBytes(attribute, coding)];
  return (attribute.Value ?? []).flatMap((item) => {
    const body = datasetPieces(item as DicomJson, coding);
    return [itemHead(sum(body), coding), ...body];
  });
}

const itemHead = (length: number, { little }: WriteCoding) =>
  elementHead(ITEM, "", length, { little, explicit: false });

function datasetPieces(dataset: DicomJson, coding: WriteCoding): LaidPiece[] {
  const tags = Object.keys(dataset).sort();
  return tags.flatMap((tag): LaidPiece[] => {
    const attribute = dataset[tag];
    if (!attribute) return [];
    const value = valuePieces(attribute, coding);
    return [elementHead(tag, attribute.vr, sum(value), coding), ...value];
  });
}

const spansOf = (frame: FrameLocator): readonly ByteSpan[] => frame.fragments ?? [frame];

/** Float pixels state no Pixel Representation. @see DICOM PS3.3 §C.7.6.24 */
function pixelElement(dataset: DicomJson): { tag: string; vr: string } {
  const bits = dataset["00280100"]?.Value?.[0];
  if (!dataset["00280103"] && bits === 32) return { tag: "7FE00008", vr: "OF" };
  if (!dataset["00280103"] && bits === 64) return { tag: "7FE00009", vr: "OD" };
  return { tag: "7FE00010", vr: bits === 8 ? "OB" : "OW" };
}

type Laid = { pieces: LaidPiece[]; frames: FrameLocator[] };

function nativePixels({ dataset, frames }: LayingOut, start: number, coding: WriteCoding): Laid {
  const spans = frames.flatMap(spansOf);
  const length = sum(spans);
  const { tag, vr } = pixelElement(dataset);
  const head = elementHead(tag, vr, length + (length % 2), coding);
  let at = start + head.length;
  const locators = frames.map((frame): FrameLocator => {
    const locator = { offset: at, length: sum(spansOf(frame)) };
    at += locator.length;
    return locator;
  });
  const padding = length % 2 === 1 ? [new Uint8Array(1)] : [];
  return { pieces: [head, ...spans, ...padding], frames: locators };
}

/** One item a frame: fragments of one frame are one stream of bytes. @see DICOM PS3.5 §A.4 */
function encapsulatedPixels({ frames }: LayingOut, start: number, coding: WriteCoding): Laid {
  const pieces: LaidPiece[] = [elementHead("7FE00010", "OB", UNDEFINED, coding), itemHead(0, coding)];
  const locators: FrameLocator[] = [];
  let at = start + sum(pieces);
  for (const frame of frames) {
    const spans = spansOf(frame);
    const length = sum(spans);
    const padded = length + (length % 2);
    locators.push({ offset: at + 8, length });
    pieces.push(itemHead(padded, coding), ...spans, ...(padded > length ? [new Uint8Array(1)] : []));
    at += 8 + padded;
  }
  return {
    pieces: [...pieces, elementHead(SEQUENCE_END, "", 0, { ...coding, explicit: false })],
    frames: locators,
  };
}

/** Literal bytes that follow each other are one piece. */
function joined(pieces: readonly LaidPiece[]): LaidPiece[] {
  const whole: LaidPiece[] = [];
  let made: Uint8Array[] = [];
  const flush = () => {
    if (made.length > 0) whole.push(Buffer.concat(made));
    made = [];
  };
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      made.push(piece);
      continue;
    }
    flush();
    if (piece.length > 0) whole.push({ offset: piece.offset, length: piece.length });
  }
  flush();
  return whole;
}

/** Spans of the source to spans of what is laid out. */
function moved(head: readonly LaidPiece[]): (uri: string) => string {
  const places = new Map<string, number>();
  let at = 0;
  for (const piece of head) {
    if (!(piece instanceof Uint8Array)) places.set(`${piece.offset}:${piece.length}`, at);
    at += piece.length;
  }
  return (uri) => `${places.get(uri) ?? 0}:${spanOf(uri).length}`;
}

const movedDataset = (dataset: DicomJson, move: (uri: string) => string): DicomJson =>
  Object.fromEntries(
    Object.entries(dataset).map(([tag, attribute]): [string, DicomJsonAttribute] => {
      const { BulkDataURI, vr, Value } = attribute;
      if (BulkDataURI !== undefined) return [tag, { ...attribute, BulkDataURI: move(BulkDataURI) }];
      if (vr !== "SQ" || !Value) return [tag, attribute];
      return [tag, { vr, Value: Value.map((item) => movedDataset(item as DicomJson, move)) }];
    }),
  );

/**
 * How a Part 10 file is made of an object's frames, as they are stored, and of another header: bytes that are made and spans of
 * the source, without reading it. A deflated source becomes plain, its spans counted in what it unpacks to.
 *
 * @throws {RangeError} for a value too long for its VR
 * @see DICOM PS3.10 §7.1, PS3.5 §A
 */
export function layOutObject(wanted: LayingOut): Layout {
  const { dataset } = wanted;
  const transferSyntaxUid =
    wanted.transferSyntaxUid === DEFLATED ? EXPLICIT_LITTLE : wanted.transferSyntaxUid;
  const { byteOrder, explicitVr, encapsulated } = transferSyntaxOf(transferSyntaxUid);
  const coding = { little: byteOrder === "little", explicit: explicitVr };
  const meta = writeMetaHeader({
    sopClassUid: String(dataset["00080016"]?.Value?.[0] ?? ""),
    sopInstanceUid: String(dataset["00080018"]?.Value?.[0] ?? ""),
    transferSyntaxUid,
  });
  const head = [meta, ...datasetPieces(dataset, coding)];
  const pixels = encapsulated
    ? encapsulatedPixels(wanted, sum(head), coding)
    : nativePixels(wanted, sum(head), coding);
  const pieces = [...head, ...pixels.pieces];
  return {
    transferSyntaxUid,
    sizeBytes: sum(pieces),
    pieces: joined(pieces),
    frames: pixels.frames,
    dataset: movedDataset(dataset, moved(head)),
  };
}
