import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  explicitLittle,
  fileOf,
  fragmentsOf,
  inPieces,
  OPEN,
  pictureOf,
  pixelElement,
  streamOf,
} from "../fixtures/elements.ts";
import type { FrameLocator } from "../types.ts";
import { readPart10 } from "./read-part10.ts";

const JPEG = "1.2.840.10008.1.2.4.50";
const J2K = "1.2.840.10008.1.2.4.90";
const RLE = "1.2.840.10008.1.2.5";

/** Looks like the start of a JPEG, and like its going on. */
const head = (id: number) => Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, id, 0, id, 1]);
const tail = (id: number) => Uint8Array.from([0x11, 0x22, 0x33, id]);

type Making = {
  syntax?: string;
  frames: number;
  table?: readonly number[];
  fragments: readonly Uint8Array[];
  extended?: readonly bigint[];
};

function object({ syntax = JPEG, frames, table = [], fragments, extended }: Making): Buffer {
  const offsets = Buffer.alloc((extended?.length ?? 0) * 8);
  for (const [index, offset] of (extended ?? []).entries()) offsets.writeBigUInt64LE(offset, index * 8);
  return fileOf(
    syntax,
    pictureOf(explicitLittle, { frames: String(frames).padEnd(2) }),
    ...(extended ? [explicitLittle.element("7FE00001", "OV", offsets)] : []),
    pixelElement(explicitLittle, fragmentsOf(table, fragments), OPEN),
  );
}

const read = (bytes: Uint8Array) => readPart10(streamOf(bytes));

/** What a viewer gets: the spans joined, item headers left out. */
const joined = (bytes: Uint8Array, { fragments, ...whole }: FrameLocator) =>
  Buffer.concat((fragments ?? [whole]).map(({ offset, length }) => bytes.subarray(offset, offset + length)));

async function framesIn(making: Making): Promise<string[]> {
  const bytes = object(making);
  const { pixelData } = await read(bytes);
  return (pixelData?.frames ?? []).map((frame) => joined(bytes, frame).toString("hex"));
}

const hex = (...pieces: Uint8Array[]) => Buffer.concat(pieces).toString("hex");
const TWO_BY_TWO = [head(1), tail(1), head(2), tail(2)];
/** Item headers are 8 bytes: the second frame begins behind 8 + 8 + 8 + 4. */
const SECOND = 28;

describe("encapsulated pixels", () => {
  it("a fragment a frame needs no table", async () => {
    expect(await framesIn({ frames: 2, fragments: [head(1), head(2)] })).toEqual([
      hex(head(1)),
      hex(head(2)),
    ]);
  });

  it("one frame may be cut into any number of fragments", async () => {
    const fragments = [head(1), tail(1), tail(2)];
    const bytes = object({ frames: 1, fragments });
    const { pixelData } = await read(bytes);
    const [frame] = pixelData?.frames ?? [];
    expect(frame?.fragments).toHaveLength(3);
    expect(frame && joined(bytes, frame).toString("hex")).toBe(hex(...fragments));
    expect(frame?.length).toBe(8 + 8 + 4 + 8 + 4);
  });

  it.each([
    ["a basic offset table", { table: [0, SECOND] }],
    ["an extended offset table", { extended: [0n, BigInt(SECOND)] }],
    ["neither, by the first bytes of each image", {}],
  ] as const)("frames of several fragments are told apart by %s", async (_what, tables) => {
    expect(await framesIn({ frames: 2, fragments: TWO_BY_TWO, ...tables })).toEqual([
      hex(head(1), tail(1)),
      hex(head(2), tail(2)),
    ]);
  });

  it("RLE in several fragments is told apart by its table only", async () => {
    const fragments = [tail(1), tail(2), tail(3)];
    expect(await framesIn({ syntax: RLE, frames: 2, fragments, table: [0, 12] })).toEqual([
      hex(tail(1)),
      hex(tail(2), tail(3)),
    ]);
    await expect(read(object({ syntax: RLE, frames: 2, fragments }))).rejects.toMatchObject({
      code: "FRAME_COUNT_MISMATCH",
    });
  });

  it.each([
    ["a JPEG 2000 codestream", [0xff, 0x4f, 0xff, 0x51, 0, 0, 0, 0]],
    ["a JP2 file", [0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20]],
    ["a JPEG XL codestream", [0xff, 0x0a, 0, 0]],
    ["a JPEG XL container", [0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20]],
  ])("%s marks the start of a frame", async (_what, start) => {
    const first = Uint8Array.from(start);
    expect(await framesIn({ syntax: J2K, frames: 2, fragments: [first, tail(1), first, tail(2)] })).toEqual([
      hex(first, tail(1)),
      hex(first, tail(2)),
    ]);
  });

  it("pieces that end inside the first bytes of an image don't hide its start", async () => {
    const bytes = object({ frames: 2, fragments: TWO_BY_TWO });
    for (let size = 1; size < 12; size += 1) {
      const { pixelData } = await readPart10(inPieces(bytes, size));
      expect(pixelData?.frames).toHaveLength(2);
    }
  });

  it("a table of another length than the frames is passed over", async () => {
    expect(await framesIn({ frames: 2, fragments: TWO_BY_TWO, table: [0] })).toHaveLength(2);
  });

  it("the sum is of the frames' bytes, item headers left out: cutting differently changes nothing", async () => {
    const whole = await read(object({ frames: 1, fragments: [Buffer.concat([head(1), tail(1)])] }));
    const cut = await read(object({ frames: 1, fragments: [head(1), tail(1)] }));
    expect(cut.pixelData?.sha256).toBe(whole.pixelData?.sha256);
    expect(whole.pixelData?.sha256).toBe(createHash("sha256").update(head(1)).update(tail(1)).digest("hex"));
  });

  it("no end mark: kept, and said", async () => {
    const found = await read(object({ frames: 1, fragments: [head(1)] }).subarray(0, -8));
    expect(found.pixelData?.frames).toHaveLength(1);
    expect(found.deviations.map(({ code }) => code)).toEqual(["PIXEL_SEQUENCE_NOT_ENDED"]);
  });

  it.each([
    ["offsets out of order", { table: [SECOND, 0] }],
    ["offsets that point between fragments", { table: [0, 13] }],
    ["offsets behind the end", { table: [0, 0x7fffffff] }],
    ["the same offset twice", { table: [0, 0] }],
    ["a first frame that isn't first", { table: [16, SECOND] }],
    ["an extended table that points behind 2^53", { extended: [0n, 0xffffffffffffffffn] }],
  ] as const)("%s: refused, never followed", async (_what, tables) => {
    await expect(read(object({ frames: 2, fragments: TWO_BY_TWO, ...tables }))).rejects.toMatchObject({
      code: "FRAME_COUNT_MISMATCH",
    });
  });

  it("a lying table is not followed where each frame has its fragment: the items say where it is", async () => {
    const lies = { frames: 2, fragments: [head(1), head(2)], extended: [0xffffn, 1n] };
    expect(await framesIn(lies)).toEqual([hex(head(1)), hex(head(2))]);
  });

  it("fewer and more frames than stated are refused", async () => {
    for (const frames of [3, 5])
      await expect(read(object({ frames, fragments: TWO_BY_TWO }))).rejects.toMatchObject({
        code: "FRAME_COUNT_MISMATCH",
      });
  });

  it("no fragment at all, and every cut inside one, is PIXEL_DATA_TRUNCATED", async () => {
    await expect(read(object({ frames: 1, fragments: [] }))).rejects.toMatchObject({
      code: "PIXEL_DATA_TRUNCATED",
    });
    const whole = object({ frames: 1, fragments: [head(1)] });
    for (let lost = 9; lost < 16; lost += 1)
      await expect(read(whole.subarray(0, whole.length - lost))).rejects.toMatchObject({
        code: "PIXEL_DATA_TRUNCATED",
      });
  });
});
