import { describe, expect, it } from "vitest";
import type { DicomValue, Header } from "../contract.ts";
import { sampleFrame } from "../frames/sample-instance.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";
import { shadesOf } from "./state-curve.ts";
import { NO_PARTS, type StateParts } from "./state-parts.ts";

const of = (vr: string, ...Value: DicomValue[]) => ({ vr, Value });
const sq = (...Value: Header[]) => ({ vr: "SQ", Value });
const rescaled = (slope: number, intercept: number): Header => ({
  "00281052": of("DS", intercept),
  "00281053": of("DS", slope),
});
/** Twelve bits, unsigned. */
const image = (more: Header = {}) =>
  sampleFrame({ "00280101": of("US", 12), "00280103": of("US", 0), ...more }, 7);
const table = (first: number, bits: number, ...values: number[]): LookupTable => ({
  ...{ first, bits, values: Uint16Array.from(values), name: undefined },
});
const windowed = (center: number, width: number, how?: string): Header => ({
  ...{ "00281050": of("DS", center), "00281051": of("DS", width) },
  ...(how ? { "00281056": of("CS", how) } : {}),
});

type Asked = { state?: Header; voi?: Header; parts?: Partial<StateParts>; own?: Header; table?: LookupTable };
const shades = ({ state = {}, voi, parts, own, table: ownModality }: Asked) =>
  shadesOf({
    ...{ state, parts: { ...NO_PARTS, ...parts }, frame: image(own), ownModality, name: "Presented" },
    voi: voi && { item: voi, at: 0 },
  });
/** How white a pixel is, from 0 to 1, by the value that the image has for it. */
function whiteAt(asked: Asked, value: number): number {
  const found = shades(asked).window?.table;
  if (!found) throw new Error("there is no curve");
  const at = Math.round((value - found.first) / (found.step ?? 1));
  return (found.values[Math.max(0, Math.min(found.values.length - 1, at))] ?? 0) / 65_535;
}

const HU = rescaled(1, -1024);
const hasTable = { "00283010": sq({}) };
const voiTable = (one: LookupTable) => ({ voi: new Map([[0, one]]) });

describe("the shades of a presentation state", () => {
  it("stay a window where they are straight, in the image's values", () => {
    expect(shades({ state: HU, voi: windowed(40, 400), own: HU })).toEqual({
      window: { center: 40, width: 400 },
    });
    expect(shades({ state: {}, voi: windowed(1064, 400), own: HU })).toEqual({
      window: { center: 40, width: 400 },
    });
  });

  it("of a sigmoid are its formula, in the state's own values", () => {
    const asked = { state: rescaled(2, 0), voi: windowed(2000, 400, "SIGMOID"), own: HU };
    // The state counts twice the stored value, the image 1024 less than it.
    for (const hu of [-200, -24, 0, 100, 400]) {
      const expected = 1 / (1 + Math.exp((-4 * (2 * (hu + 1024) - 2000)) / 400));
      expect(whiteAt(asked, hu)).toBeCloseTo(expected, 3);
    }
  });

  it("of a VOI table are its entries, by values counted over from the state's to the image's", () => {
    const asked: Asked = {
      ...{ state: rescaled(1, -1000), own: HU, voi: hasTable },
      parts: voiTable(table(0, 8, 0, 255, 51, 102)),
    };
    // The state's 0 is the stored 1000, which is the image's -24.
    expect([-30, -24, -23, -22, -21, 500].map((hu) => whiteAt(asked, hu))).toEqual([
      ...[0, 0, 1, 0.2, 0.4, 0.4].map((white) => expect.closeTo(white, 4)),
    ]);
  });

  it("go through the state's modality table first, and through its presentation table last", () => {
    const asked: Asked = {
      ...{ state: { "00283000": sq({}), "20500010": sq({}) }, own: HU, voi: windowed(50.5, 101) },
      parts: {
        // Stored 0 to 3 mean 0, 100, 50, 25.
        modality: table(0, 8, 0, 100, 50, 25),
        // White is black, and the middle is white.
        presentation: table(0, 8, 0, 255, 0),
      },
    };
    expect([0, 1, 2, 3].map((stored) => whiteAt(asked, stored - 1024))).toEqual([0, 0, 1, 1]);
  });

  it("of an image that has the same modality table take its values as they are", () => {
    const modality = table(0, 12, 0, 100, 200, 300);
    const asked: Asked = {
      ...{ state: { "00283000": sq({}) }, voi: windowed(150, 200, "LINEAR_EXACT") },
      ...{ parts: { modality }, table: modality },
    };
    expect([50, 100, 150, 250].map((value) => whiteAt(asked, value))).toEqual(
      [0, 0.25, 0.5, 1].map((white) => expect.closeTo(white, 3)),
    );
    expect(shades({ ...asked, table: table(0, 12, 9, 9) }).note).toMatch(/the image's own is another/);
  });

  it("of an image in fractions have a step of its own, and one that counts downwards is turned", () => {
    const fine: Asked = { voi: windowed(1000, 400, "SIGMOID"), own: rescaled(0.01, 0) };
    expect(whiteAt(fine, 10)).toBeCloseTo(0.5, 3);
    expect(shades(fine).window?.table?.step).toBe(0.01);
    const down: Asked = { voi: windowed(1000, 400, "SIGMOID"), own: rescaled(-1, 0) };
    expect(whiteAt(down, -1100)).toBeCloseTo(1 / (1 + Math.exp(-1)), 3);
  });

  it("are this one picture's, by its id", () => {
    expect(shades({ voi: windowed(1000, 400, "SIGMOID") }).window?.table).toMatchObject({
      ...{ of: "7", name: "Presented", bits: 16 },
    });
  });

  it("that can't be told are said, never half applied", () => {
    expect(shades({ voi: hasTable })).toEqual({ note: "CURVE presented, not applied here: it isn't whole" });
    expect(shades({ state: { "00283000": sq({}) }, voi: windowed(1, 2) }).note).toMatch(/^MODALITY CURVE/);
    expect(shades({ state: { "20500010": sq({}) }, voi: windowed(1, 2) }).note).toMatch(
      /^PRESENTATION CURVE/,
    );
    const wide = { "00280101": of("US", 32) };
    expect(shades({ voi: windowed(1, 2, "SIGMOID"), own: wide }).note).toMatch(/more than 16 bits/);
    expect(shades({})).toEqual({});
  });
});
