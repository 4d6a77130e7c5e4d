import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCodestream } from "./read-codestream.ts";

const u16 = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];
const segment = (marker: number, body: number[]) => [...u16(marker), ...u16(body.length + 2), ...body];

type Made = {
  columns?: number;
  rows?: number;
  tile?: number;
  depth?: number;
  progression?: number;
  decompositions?: number;
  transform?: number;
  parts?: number[];
};

/** Markers alone, with bytes of nothing between them: as much of a codestream as is read without decoding. */
function codestream(made: Made): Uint8Array {
  const { columns = 512, rows = 256, tile = 4096, depth = 0x8f, progression = 2, decompositions = 2 } = made;
  const { transform = 1, parts = [100, 200, 300] } = made;
  const siz = segment(0xff51, [
    ...u16(0x4000),
    ...[columns, rows, 0, 0, tile, tile, 0, 0].flatMap(u32),
    ...[...u16(1), depth, 1, 1],
  ]);
  const cap = segment(0xff50, [...u32(1 << 17), ...u16(0)]);
  const cod = segment(0xff52, [0, progression, ...u16(1), 0, decompositions, 4, 4, 0x40, transform]);
  const tiles = parts.flatMap((length, at) => [
    ...segment(0xff90, [...u16(0), ...u32(length + 14), at, parts.length]),
    ...u16(0xff93),
    ...Array.from({ length }, () => 7),
  ]);
  return Uint8Array.from([...u16(0xff4f), ...siz, ...cap, ...cod, ...tiles, ...u16(0xffd9)]);
}

describe("the markers of a codestream", () => {
  it("say its size, its samples and how it was packed", () => {
    expect(readCodestream(codestream({}))).toMatchObject({
      ...{ columns: 512, rows: 256, components: 1, precision: 16, isSigned: true },
      ...{ isHighThroughput: true, isReversible: true, isRpcl: true, decompositions: 2 },
    });
    expect(readCodestream(codestream({ depth: 11, transform: 0, progression: 0 }))).toMatchObject({
      ...{ precision: 12, isSigned: false, isReversible: false, isRpcl: false },
    });
  });

  it("say how many of the first bytes hold each resolution: the last is the whole", () => {
    const bytes = codestream({ parts: [100, 200, 300] });
    const { resolutionEnds = [] } = readCodestream(bytes);
    const head = bytes.length - 2 - 600 - 3 * 14;
    expect(resolutionEnds).toEqual([head + 114, head + 328, bytes.length]);
  });

  it.each([
    ["in another order", { progression: 0 }],
    ["with another number of tile-parts than resolutions", { parts: [100, 200] }],
    ["of more tiles than one", { tile: 128 }],
  ])("of one %s say nothing of where it can be cut", (_what, made) => {
    expect(readCodestream(codestream(made)).resolutionEnds).toBeUndefined();
  });

  it("a last tile-part without a length goes to the end", () => {
    const bytes = codestream({ decompositions: 0, parts: [50] });
    const at = bytes.length - 2 - 50 - 14 + 6;
    bytes.set([0, 0, 0, 0], at);
    expect(readCodestream(bytes).resolutionEnds).toEqual([bytes.length]);
  });

  it("that end early or say what can't be are refused, whatever they are", () => {
    const whole = codestream({});
    expect(() => readCodestream(whole.subarray(0, 20))).toThrow(
      expect.objectContaining({ code: "CODESTREAM_INVALID" }),
    );
    const property = fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const broken = Uint8Array.from(whole);
      broken[at] = value;
      try {
        readCodestream(broken);
      } catch (error) {
        expect(error).toMatchObject({ code: "CODESTREAM_INVALID" });
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});
