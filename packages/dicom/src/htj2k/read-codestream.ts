import { DicomError } from "../errors.ts";

/** What a JPEG 2000 or HTJ2K codestream says of itself, read from its markers and never by decoding it. */
export type Codestream = {
  columns: number;
  rows: number;
  components: number;
  /** Bits a sample, of the first component. */
  precision: number;
  isSigned: boolean;
  isHighThroughput: boolean;
  /** It was packed without loss (the reversible 5-3 wavelet). */
  isReversible: boolean;
  isRpcl: boolean;
  /** How often width and height are halved down to the lowest resolution. */
  decompositions: number;
  /**
   * How many of the first bytes hold each resolution, the lowest first; the last is the whole. `undefined` where the codestream
   * has no tile-part for each of them, so that it can't be cut by its markers.
   */
  resolutionEnds: number[] | undefined;
};

const [SOC, CAP, SIZ, COD, SOT] = [0xff4f, 0xff50, 0xff51, 0xff52, 0xff90];
const RPCL = 2;
const REVERSIBLE = 1;

const broken = (what: string) =>
  new DicomError("CODESTREAM_INVALID", `The image is no JPEG 2000 codestream that can be read (${what}).`);

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sizeIn(view: DataView, at: number) {
  const depth = view.getUint8(at + 40);
  return {
    columns: view.getUint32(at + 6) - view.getUint32(at + 14),
    rows: view.getUint32(at + 10) - view.getUint32(at + 18),
    isOneTile:
      view.getUint32(at + 22) >= view.getUint32(at + 6) && view.getUint32(at + 26) >= view.getUint32(at + 10),
    components: view.getUint16(at + 38),
    precision: (depth & 0x7f) + 1,
    isSigned: depth >= 0x80,
  };
}

function codingIn(view: DataView, at: number) {
  return {
    isRpcl: view.getUint8(at + 5) === RPCL,
    decompositions: view.getUint8(at + 9),
    isReversible: view.getUint8(at + 13) === REVERSIBLE,
  };
}

type Head = ReturnType<typeof sizeIn> &
  ReturnType<typeof codingIn> & { isHighThroughput: boolean; firstPart: number };

/** The main header, up to the first tile-part. @see ITU-T T.800 (ISO/IEC 15444-1) §A.3, T.814 (15444-15) §A.3 */
function readHead(view: DataView): Head {
  if (view.byteLength < 4 || view.getUint16(0) !== SOC) throw broken("it doesn't begin with SOC");
  let size: ReturnType<typeof sizeIn> | undefined;
  let coding: ReturnType<typeof codingIn> | undefined;
  let isHighThroughput = false;
  let at = 2;
  for (let marker = view.getUint16(at); marker !== SOT; marker = view.getUint16(at)) {
    if (marker < 0xff00) throw broken("a marker is missing");
    if (marker === SIZ) size = sizeIn(view, at);
    if (marker === CAP) isHighThroughput = (view.getUint32(at + 4) & (1 << 17)) !== 0;
    if (marker === COD) coding = codingIn(view, at);
    at += 2 + view.getUint16(at + 2);
  }
  if (!size || !coding) throw broken("it doesn't say its size or coding");
  return { ...size, ...coding, isHighThroughput, firstPart: at };
}

/** Where each tile-part ends, all of one tile. Nothing where there is more than one. @see ITU-T T.800 §A.4.2 (SOT) */
function partEnds(view: DataView, firstPart: number): number[] | undefined {
  const ends: number[] = [];
  for (let at = firstPart; at + 12 <= view.byteLength && view.getUint16(at) === SOT; ) {
    if (view.getUint16(at + 4) !== 0 || view.getUint8(at + 10) !== ends.length) return undefined;
    // A length of nothing: to the end of the codestream.
    const length = view.getUint32(at + 6);
    const end = length === 0 ? view.byteLength : at + length;
    if (end <= at + 12 || end > view.byteLength) throw broken("a tile-part is longer than the rest");
    ends.push(end);
    at = end;
  }
  return ends;
}

/**
 * Reads the markers of a whole codestream.
 *
 * @param bytes - From SOC to EOC, or to a last byte of padding behind it.
 * @throws {DicomError} `CODESTREAM_INVALID`
 * @see ITU-T T.800 (ISO/IEC 15444-1) §A (markers), T.814 (ISO/IEC 15444-15) §A; DICOM PS3.5 §A.4.9 (HTJ2K)
 */
export function readCodestream(bytes: Uint8Array): Codestream {
  const view = viewOf(bytes);
  try {
    const { firstPart, isOneTile, ...head } = readHead(view);
    const ends = isOneTile ? partEnds(view, firstPart) : undefined;
    const isCut = head.isRpcl && ends?.length === head.decompositions + 1;
    return { ...head, resolutionEnds: isCut ? [...ends.slice(0, -1), bytes.length] : undefined };
  } catch (error) {
    if (error instanceof RangeError) throw broken("it ends too early");
    throw error;
  }
}
