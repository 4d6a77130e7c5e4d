import { createHash } from "node:crypto";
import { refusals } from "../errors.ts";
import { isKnownTransferSyntax, type TransferSyntax } from "../transfer-syntax.ts";
import type { ByteSpan, Deviation, FrameLocator } from "../types.ts";
import type { PixelStart } from "./element-reader.ts";
import type { PixelScanner } from "./native-pixels.ts";

const HEADER = 8;
const MOST_FRAGMENTS = 1_000_000;
/** An offset of four bytes for each of as many frames as there may be. */
const MOST_TABLE_BYTES = 4_000_000;
const ITEM = 0xe000fffe;
const SEQUENCE_END = 0xe0ddfffe;

const VIDEO_NOT_FRAMED: Deviation = {
  code: "VIDEO_NOT_FRAMED",
  message: "This is a film: it can't be cut into still frames.",
};
const FRAMES_NOT_FOUND: Deviation = {
  code: "FRAMES_NOT_FOUND",
  message: "In this unknown coding no one frame can be told from the next.",
};

type Fragment = ByteSpan & { startsImage: boolean };
type Tables = { basic: number[]; extended: number[] | undefined };

const STARTS = [
  [0xff, 0xd8], // JPEG, JPEG-LS
  [0xff, 0x4f], // JPEG 2000 and HTJ2K, codestream
  [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50], // and in a JP2 file
  [0xff, 0x0a], // JPEG XL, codestream
  [0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58], // and in its container
];
const startsImage = (head: Uint8Array) =>
  STARTS.some((start) => start.every((byte, index) => head[index] === byte));

function uint32s(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getUint32(index * 4, true));
}

function locator(fragments: readonly Fragment[]): FrameLocator {
  const [first, last] = [fragments[0], fragments.at(-1)];
  if (!first || !last) throw refusals.frameCount();
  const whole = { offset: first.offset, length: last.offset + last.length - first.offset };
  return fragments.length === 1
    ? whole
    : { ...whole, fragments: fragments.map(({ offset, length }) => ({ offset, length })) };
}

/** Fragments by the offset of their item header, counted from the first item behind the Basic Offset Table. */
function byOffsets(fragments: readonly Fragment[], offsets: readonly number[], base: number): FrameLocator[] {
  const startOf = new Map(fragments.map((fragment, index) => [fragment.offset - HEADER - base, index]));
  const starts = offsets.map((offset) => startOf.get(offset) ?? -1);
  const isOrdered = starts.every(
    (start, index) => start >= 0 && (index === 0 ? start === 0 : start > (starts[index - 1] ?? 0)),
  );
  if (!isOrdered) throw refusals.frameCount();
  return starts.map((start, index) => locator(fragments.slice(start, starts[index + 1] ?? fragments.length)));
}

function byMarkers(fragments: readonly Fragment[]): FrameLocator[] {
  const starts = fragments.flatMap((fragment, index) => (fragment.startsImage ? [index] : []));
  return starts.map((start, index) => locator(fragments.slice(start, starts[index + 1] ?? fragments.length)));
}

/** Which fragments make which frame. @see DICOM PS3.5 §A.4 (encapsulation), §A.4.1 (offset tables) */
function framesOf(
  fragments: readonly Fragment[],
  numberOfFrames: number,
  tables: Tables,
  base: number,
): FrameLocator[] {
  if (fragments.length === numberOfFrames) return fragments.map((fragment) => locator([fragment]));
  if (numberOfFrames === 1) return [locator(fragments)];
  const offsets = tables.extended ?? (tables.basic.length > 0 ? tables.basic : undefined);
  if (offsets?.length === numberOfFrames) return byOffsets(fragments, offsets, base);
  const frames = byMarkers(fragments);
  if (frames.length !== numberOfFrames) throw refusals.frameCount();
  return frames;
}

export type Encapsulated = {
  start: PixelStart;
  syntax: TransferSyntax;
  numberOfFrames: number;
  /** Extended Offset Table (7FE0,0001), where there is one. */
  extendedOffsets: number[] | undefined;
};

type Step =
  | { kind: "header" }
  | { kind: "table"; left: number }
  | { kind: "fragment"; left: number }
  | { kind: "ended" };

/** Encapsulated pixels: items of a sequence, the first an offset table. Nothing but item heads is kept in memory. */
export function encapsulatedScanner({
  start,
  syntax,
  numberOfFrames,
  extendedOffsets,
}: Encapsulated): PixelScanner {
  const hash = createHash("sha256");
  const fragments: Fragment[] = [];
  let step: Step = { kind: "header" };
  let pending: Buffer = Buffer.alloc(0);
  let table: Buffer[] | undefined;
  let position = start.offset;
  let base = start.offset;

  function readHeader(header: Buffer): void {
    const [tag, length] = [header.readUInt32LE(0), header.readUInt32LE(4)];
    position += HEADER;
    if (tag === SEQUENCE_END) {
      step = { kind: "ended" };
      return;
    }
    if (tag !== ITEM || length === 0xffffffff) throw refusals.malformed("a broken fragment");
    if (table === undefined) {
      if (length > MOST_TABLE_BYTES) throw refusals.malformed("an offset table without end");
      table = [];
      step = { kind: "table", left: length };
      if (length === 0) endTable();
      return;
    }
    if (fragments.length >= MOST_FRAGMENTS) throw refusals.malformed("too many fragments");
    fragments.push({ offset: position, length, startsImage: false });
    step = length === 0 ? { kind: "header" } : { kind: "fragment", left: length };
  }

  function endTable(): void {
    base = position;
    step = { kind: "header" };
  }

  function takeTable(chunk: Buffer, left: number): number {
    const taken = Math.min(left, chunk.length);
    table?.push(Buffer.from(chunk.subarray(0, taken)));
    position += taken;
    step = { kind: "table", left: left - taken };
    if (left === taken) endTable();
    return taken;
  }

  function takeFragment(chunk: Buffer, left: number): number {
    const fragment = fragments.at(-1);
    const isHead = fragment !== undefined && left === fragment.length;
    // The first bytes tell whether an image starts here: wait until enough of them came together.
    if (isHead && chunk.length < Math.min(6, left)) return 0;
    if (isHead) fragment.startsImage = startsImage(chunk);
    const taken = Math.min(left, chunk.length);
    hash.update(chunk.subarray(0, taken));
    position += taken;
    step = left === taken ? { kind: "header" } : { kind: "fragment", left: left - taken };
    return taken;
  }

  function advance(chunk: Buffer): number {
    if (step.kind === "table") return takeTable(chunk, step.left);
    if (step.kind === "fragment") return takeFragment(chunk, step.left);
    if (step.kind === "ended") return chunk.length;
    if (chunk.length < HEADER) return 0;
    readHeader(chunk.subarray(0, HEADER));
    return HEADER;
  }

  /** An unknown syntax is kept and not shown, so that nothing hangs on its frames. */
  function framesKept(tables: Tables, deviations: Deviation[]): FrameLocator[] {
    if (isKnownTransferSyntax(syntax.uid)) return framesOf(fragments, numberOfFrames, tables, base);
    try {
      return framesOf(fragments, numberOfFrames, tables, base);
    } catch {
      deviations.push(FRAMES_NOT_FOUND);
      return [];
    }
  }

  return {
    push(chunk) {
      pending =
        pending.length === 0
          ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
          : Buffer.concat([pending, chunk]);
      let at = 0;
      for (let taken = -1; taken !== 0 && at < pending.length; at += taken)
        taken = advance(pending.subarray(at));
      pending = Buffer.from(pending.subarray(at));
    },
    finish() {
      const deviations: Deviation[] = [];
      if (step.kind === "table" || step.kind === "fragment") throw refusals.pixelsTruncated();
      if (step.kind === "header")
        deviations.push({ code: "PIXEL_SEQUENCE_NOT_ENDED", message: "The pixel data has no end mark." });
      if (fragments.length === 0) throw refusals.pixelsTruncated();
      if (syntax.video) deviations.push(VIDEO_NOT_FRAMED);
      const tables = { basic: uint32s(Buffer.concat(table ?? [])), extended: extendedOffsets };
      const frames = syntax.video ? [] : framesKept(tables, deviations);
      return {
        pixels: { tag: "7FE00010", encapsulated: true, numberOfFrames, frames, sha256: hash.digest("hex") },
        deviations,
      };
    },
  };
}
