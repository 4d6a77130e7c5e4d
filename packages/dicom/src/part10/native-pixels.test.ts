import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  encoderFor,
  explicitLittle,
  fileOf,
  NATIVE,
  type Picture,
  pictureOf,
  pixelElement,
  streamOf,
} from "../fixtures/elements.ts";
import { EXPLICIT_LITTLE } from "../transfer-syntax.ts";
import { readPart10 } from "./read-part10.ts";

const object = (picture: Picture, pixels: Uint8Array, stated?: number) =>
  fileOf(EXPLICIT_LITTLE, pictureOf(explicitLittle, picture), pixelElement(explicitLittle, pixels, stated));
const read = (bytes: Uint8Array) => readPart10(streamOf(bytes));
const codes = ({ deviations }: { deviations: readonly { code: string }[] }) =>
  deviations.map(({ code }) => code);
const counted = (length: number) => Uint8Array.from({ length }, (_, index) => index);

describe("native pixels", () => {
  it.each(NATIVE)(
    "%s: frames lie one behind the other, from the first byte of the pixel data",
    async (uid) => {
      const encoder = encoderFor(uid);
      const bytes = fileOf(uid, pictureOf(encoder, { frames: "3 " }), pixelElement(encoder, counted(24)));
      const { pixelData } = await read(bytes);
      const frames = pixelData?.frames.map(({ offset, length }) => [
        ...bytes.subarray(offset, offset + length),
      ]);
      expect(frames).toEqual([0, 8, 16].map((from) => [...counted(24).subarray(from, from + 8)]));
      expect(pixelData?.sha256).toBe(createHash("sha256").update(counted(24)).digest("hex"));
    },
  );

  it.each([
    ["grey, 16 bits", { rows: 2, columns: 3, bits: 16 }, 12],
    ["grey, 32 bits", { rows: 2, columns: 3, bits: 32 }, 24],
    ["RGB", { rows: 2, columns: 2, samples: 3, photometric: "RGB" }, 12],
    [
      "4:2:2 colour, two samples a pixel",
      { rows: 2, columns: 2, samples: 3, photometric: "YBR_FULL_422" },
      8,
    ],
    ["palette", { rows: 2, columns: 2, photometric: "PALETTE COLOR" }, 4],
  ] as const)("%s takes what its dimensions say", async (_what, picture, length) => {
    const { pixelData } = await read(object(picture, counted(length)));
    expect(pixelData?.frames).toMatchObject([{ length }]);
    await expect(read(object(picture, counted(length - 2)))).rejects.toMatchObject({
      code: "PIXEL_DATA_TRUNCATED",
    });
  });

  it("one-bit frames are packed without a gap: the second begins inside the byte in which the first ends", async () => {
    const bytes = object({ rows: 3, columns: 4, bits: 1, frames: "3 " }, counted(6));
    const { pixelData } = await read(bytes);
    const [first] = pixelData?.frames ?? [];
    const from = first?.offset ?? 0;
    expect(pixelData?.frames.map(({ offset, length }) => [offset - from, length])).toEqual([
      [0, 2],
      [1, 2],
      [3, 2],
    ]);
  });

  it.each([
    ["7FE00008", "OF", 32],
    ["7FE00009", "OD", 64],
  ] as const)("float pixel data (%s) is %s whatever Bits Allocated says", async (tag, vr, bits) => {
    const length = (2 * 4 * bits) / 8;
    const pixels = explicitLittle.element(tag, vr, counted(length));
    const { pixelData } = await read(fileOf(EXPLICIT_LITTLE, pictureOf(explicitLittle), pixels));
    expect(pixelData).toMatchObject({ tag, frames: [{ length }] });
  });

  it("a pad byte is no surplus; more than that is said", async () => {
    expect(codes(await read(object({ rows: 1, columns: 3 }, counted(4))))).toEqual([]);
    expect(codes(await read(object({ rows: 1, columns: 3 }, counted(8))))).toEqual(["PIXEL_DATA_TOO_LONG"]);
  });

  it("the sum is of the frames alone: what is padded or follows doesn't count", async () => {
    const short = await read(object({ rows: 1, columns: 3 }, counted(4)));
    const long = await read(object({ rows: 1, columns: 3 }, counted(8)));
    expect(short.pixelData?.sha256).toBe(long.pixelData?.sha256);
  });

  it("elements behind the pixels don't count as pixels", async () => {
    const bytes = Buffer.concat([
      object({}, counted(8)),
      explicitLittle.element("FFFCFFFC", "OB", Buffer.alloc(32)),
    ]);
    const found = await read(bytes);
    expect(found.pixelData?.frames).toHaveLength(1);
    expect(codes(found)).toEqual([]);
  });

  it("stripped pixels (length 0) are none", async () => {
    expect((await read(object({}, new Uint8Array()))).pixelData).toBeUndefined();
  });

  it.each([
    ["fewer bytes than one frame", {}, counted(6), "PIXEL_DATA_TRUNCATED"],
    ["fewer frames than stated", { frames: "3 " }, counted(16), "FRAME_COUNT_MISMATCH"],
    ["no rows", { rows: 0 }, counted(8), "DIMENSIONS_INVALID"],
    ["no bits", { bits: 0 }, counted(8), "DIMENSIONS_INVALID"],
    ["no frames", { frames: "0 " }, counted(8), "DIMENSIONS_INVALID"],
    ["frames below zero", { frames: "-1" }, counted(8), "DIMENSIONS_INVALID"],
    ["half a frame", { frames: "1.5 " }, counted(8), "DIMENSIONS_INVALID"],
  ] as const)("%s: refused", async (_what, picture, pixels, code) => {
    await expect(read(object(picture, pixels))).rejects.toMatchObject({ code });
  });

  it("pixels that end before their stated length are refused, wherever they end", async () => {
    const whole = object({}, counted(8));
    for (let lost = 1; lost <= 8; lost += 1)
      await expect(read(whole.subarray(0, whole.length - lost))).rejects.toMatchObject({
        code: "PIXEL_DATA_TRUNCATED",
      });
  });
});
