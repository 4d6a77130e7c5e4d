import { cache, utilities } from "@cornerstonejs/core";
import { describe, expect, it } from "vitest";
import type { DicomValue, Header } from "../contract.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";
import { throughModalityLut } from "../pixels/through-modality-lut.ts";
import { measure } from "./measure.ts";
import { pixelsOf } from "./pixels-of.ts";
import type { Point } from "./spacing.ts";
import { ellipseOf } from "./statistics.ts";

const SIZE = 32;
const of = (vr: string, ...Value: DicomValue[]) => ({ vr, Value });
/** What is stored: no two pixels of a row or a column have the same. */
const stored = (column: number, row: number): number => 3 * column + 7 * row;
const header = (more: Header): Header => ({
  "00280010": of("US", SIZE),
  "00280011": of("US", SIZE),
  "00280030": of("DS", 2, 2),
  "00281050": of("DS", 100),
  "00281051": of("DS", 200),
  ...more,
});

type Made = { slope?: number; intercept?: number; preScale?: { scaled: boolean } };
/** As the library keeps an image that was read, as far as values are told of it. */
function imageOf(values: readonly number[], more: Made) {
  const scalarData = Uint16Array.from(values);
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    ...{ scalarData, width: SIZE, height: SIZE, numberOfComponents: 1 },
  });
  return {
    ...{ rows: SIZE, columns: SIZE, width: SIZE, height: SIZE, color: false, imageFrame: {} },
    ...{ sizeInBytes: scalarData.byteLength, voxelManager, getPixelData: () => scalarData },
    ...more,
  };
}

const VALUES = Array.from({ length: SIZE * SIZE }, (_, at) => stored(at % SIZE, Math.floor(at / SIZE)));
let images = 0;
/** What is told at a place, and in an ellipse, of an image with this header. */
async function told(of_: Header, more: Made, table?: LookupTable) {
  images += 1;
  const imageId = `values:${images}`;
  const made = imageOf(VALUES, more);
  const image = table ? throughModalityLut(made as never, table, of_) : made;
  await cache.putImageLoadObject(imageId, { promise: Promise.resolve({ imageId, ...image }) } as never);
  const seen = {
    ...{ header: of_, frame: 1, pixels: pixelsOf(imageId), isThroughTable: table !== undefined },
  };
  const probe = measure("probe", [{ column: 10.4, row: 4.6 }], seen);
  return { probe: probe.values[0], ellipse: measure("ellipse", ELLIPSE, seen).values, imageId };
}

const at = (column: number, row: number): Point => ({ column, row });
const ELLIPSE = [at(4, 12), at(24, 12), at(14, 6), at(14, 18)];
/** The statistics of a formula over the pixels whose middle lies inside. */
function expected(value: (stored: number) => number) {
  const { middle, along, across } = ellipseOf(ELLIPSE) ?? {
    middle: at(0, 0),
    along: at(1, 0),
    across: at(0, 1),
  };
  const inside = VALUES.filter((_, index) => {
    const [x, y] = [(index % SIZE) + 0.5 - middle.column, Math.floor(index / SIZE) + 0.5 - middle.row];
    return (x / along.column) ** 2 + (y / across.row) ** 2 <= 1;
  }).map(value);
  const mean = inside.reduce((sum, one) => sum + one, 0) / inside.length;
  const squares = inside.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / inside.length), Math.min(...inside), Math.max(...inside)];
}

const rescale = (slope: number, intercept: number, more: Header = {}): Header => ({
  "00281052": of("DS", intercept),
  "00281053": of("DS", slope),
  ...more,
});
const table: LookupTable = {
  ...{ first: 0, bits: 16, name: undefined },
  // Bends upward: neither a factor nor a shift gives it.
  values: Uint16Array.from({ length: 400 }, (_, value) => value * value),
};
const throughTable = (type: string | undefined, modality = "OT"): Header => ({
  "00080060": of("CS", modality),
  "00283000": { vr: "SQ", Value: [type === undefined ? {} : { "00283004": of("LO", type) }] },
});

type Case = [string, Header, Made, LookupTable | undefined, (stored: number) => number, string];
const CASES: Case[] = [
  [
    "a CT, rescaled while it is told",
    { "00080060": of("CS", "CT"), ...rescale(1, -1024) },
    { slope: 1, intercept: -1024 },
    undefined,
    (value) => value - 1024,
    "HU",
  ],
  [
    "a PET slice by its own factor",
    { "00080060": of("CS", "PT"), "00541001": of("CS", "BQML"), ...rescale(2.5, 0) },
    { slope: 2.5, intercept: 0 },
    undefined,
    (value) => 2.5 * value,
    "Bq/ml",
  ],
  [
    "an image that the library has rescaled already",
    { "00080060": of("CS", "MR"), ...rescale(4, 1, { "00281054": of("LO", "mm2/s") }) },
    { slope: 4, intercept: 1, preScale: { scaled: true } },
    undefined,
    (value) => value,
    "mm2/s",
  ],
  [
    "an ultrasound image without a rescale",
    { "00080060": of("CS", "US") },
    {},
    undefined,
    (value) => value,
    "stored values",
  ],
  [
    "an image with a modality table of a stated type",
    throughTable("OD"),
    { slope: 1, intercept: 0 },
    table,
    (value) => value * value,
    "OD",
  ],
  [
    "an image with a modality table that says no unit",
    throughTable("US"),
    { slope: 1, intercept: 0 },
    table,
    (value) => value * value,
    "by its table, unit not stated",
  ],
  [
    "an image whose table claims Hounsfield units and is no CT",
    throughTable("HU"),
    { slope: 1, intercept: 0 },
    table,
    (value) => value * value,
    "by its table, unit not stated",
  ],
  [
    "a CT whose table gives Hounsfield units",
    throughTable("HU", "CT"),
    { slope: 1, intercept: 0 },
    table,
    (value) => value * value,
    "HU",
  ],
];

describe("values are what the modality's transform makes of what is stored", () => {
  it.each(CASES)("%s", async (_says, more, made, lut, value, unit) => {
    const { probe, ellipse } = await told(header(more), made, lut);
    expect(probe).toEqual({ name: "Value", value: value(stored(10, 4)), unit });
    const statistics = ellipse.slice(0, 4);
    expect(statistics.map((one) => one.unit)).toEqual([unit, unit, unit, unit]);
    for (const [index, one] of expected(value).entries())
      expect(statistics[index]?.value, statistics[index]?.name).toBeCloseTo(one, 6);
  });

  it("has none of an image that isn't here", () => expect(pixelsOf("values:none")).toBeUndefined());
});
