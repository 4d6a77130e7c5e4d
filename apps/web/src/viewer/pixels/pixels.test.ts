import { describe, expect, it } from "vitest";
import type { Header } from "../contract.ts";
import { lookedUp, lookupTable } from "./lookup-table.ts";
import { rgbOf422 } from "./native-422.ts";
import { overlayGroups, overlayPlane, paintedPlane, planeFrame } from "./overlay-plane.ts";
import { voiFunction } from "./presentation.ts";
import { shutterOf } from "./shutter.ts";
import { onlyStoredBits } from "./stored-bits.ts";
import { windowed } from "./windowed.ts";

const us = (...Value: number[]) => ({ vr: "US", Value });
const is = (...Value: number[]) => ({ vr: "IS", Value });
const plain = { data: undefined, isSigned: false, isBigEndian: false };

describe("a lookup table", () => {
  const item: Header = { "00283002": us(3, 10, 12), "00283003": { vr: "LO", Value: ["NORMAL"] } };

  it("takes what lies outside to its ends", () => {
    const table = lookupTable({ ...item, "00283006": us(100, 200, 4095) }, plain);
    expect(table?.name).toBe("NORMAL");
    expect([9, 10, 11, 12, 500].map((input) => table && lookedUp(table, input))).toEqual([
      100, 100, 200, 4095, 4095,
    ]);
  });

  it("starts below nought where the pixels are signed, also when its descriptor was written unsigned", () => {
    const signed = lookupTable(
      { "00283002": us(2, 0xffff, 8), "00283006": us(7, 9) },
      { ...plain, isSigned: true },
    );
    expect(signed?.first).toBe(-1);
    expect(signed && lookedUp(signed, -1)).toBe(7);
    expect(lookupTable({ "00283002": us(2, 0xffff, 8), "00283006": us(7, 9) }, plain)?.first).toBe(65_535);
  });

  it("has 65,536 entries where it says 0", () => {
    const data = new Uint8Array(new Uint16Array(65_536).fill(5).buffer);
    expect(lookupTable({ "00283002": us(0, 0, 16) }, { ...plain, data })?.values).toHaveLength(65_536);
  });

  it("reads words of either order, and entries of one byte", () => {
    const word = { "00283002": us(1, 0, 16) };
    expect(lookupTable(word, { ...plain, data: Uint8Array.of(1, 2) })?.values[0]).toBe(0x0201);
    expect(lookupTable(word, { ...plain, data: Uint8Array.of(1, 2), isBigEndian: true })?.values[0]).toBe(
      0x0102,
    );
    const bytes = lookupTable({ "00283002": us(4, 0, 8) }, { ...plain, data: Uint8Array.of(1, 2, 3, 4) });
    expect([...(bytes?.values ?? [])]).toEqual([1, 2, 3, 4]);
  });

  it("is none where entries are missing or it says no sense", () => {
    expect(lookupTable({ "00283002": us(4, 0, 16) }, { ...plain, data: Uint8Array.of(1) })).toBeUndefined();
    expect(lookupTable({ "00283002": us(1, 0, 64), "00283006": us(1) }, plain)).toBeUndefined();
    expect(lookupTable({}, plain)).toBeUndefined();
  });
});

describe("a shutter", () => {
  const size = { rows: 100, columns: 200 };
  const outline = "M0 0H200V100H0Z";

  it("keeps what lies between its edges", () => {
    const header: Header = {
      "00181602": is(10),
      "00181604": is(190),
      "00181606": is(20),
      "00181608": is(80),
    };
    expect(shutterOf(header, 1, size)).toEqual({ paths: [`${outline}M10 20H189V79H10Z`], grey: 0 });
  });

  it("may be a circle and a polygon at once, in the grey that the image states", () => {
    const header: Header = {
      "00181610": is(50, 100),
      "00181612": is(40),
      "00181620": is(1, 1, 1, 200, 100, 1),
      "00181622": us(65_535),
    };
    const shutter = shutterOf(header, 1, size);
    expect(shutter?.paths).toHaveLength(2);
    expect(shutter?.paths[0]).toContain("A40 40");
    expect(shutter?.paths[1]).toBe(`${outline}M0.5 0.5L199.5 0.5L0.5 99.5Z`);
    expect(shutter?.grey).toBe(255);
  });

  it("of an enhanced object is its frame's own", () => {
    const of = (left: number): Header => ({
      "00189472": {
        vr: "SQ",
        Value: [{ "00181602": is(left), "00181604": is(9), "00181606": is(1), "00181608": is(9) }],
      },
    });
    const header: Header = { "52009230": { vr: "SQ", Value: [of(3), of(5)] } };
    expect(shutterOf(header, 2, size)?.paths[0]).toContain("M5 1");
  });

  it("is none where its edges aren't whole", () => {
    expect(shutterOf({ "00181602": is(10) }, 1, size)).toBeUndefined();
    expect(shutterOf({}, 1, size)).toBeUndefined();
  });
});

describe("an overlay plane", () => {
  const header: Header = {
    "60020010": us(2),
    "60020011": us(4),
    "60020050": { vr: "SS", Value: [0, 3] },
    "60021500": { vr: "LO", Value: ["ROI"] },
    "60023000": { vr: "OW", InlineBinary: "" },
  };

  it("lies where its origin says, and its lowest bit is its first pixel", () => {
    expect(overlayGroups(header)).toEqual(["6002"]);
    const plane = overlayPlane(header, "6002", Uint8Array.of(0b1000_0001));
    expect(plane).toMatchObject({ left: 2, top: -1, label: "ROI", frames: 1 });
    const painted = plane && paintedPlane(plane, 0, [1, 2, 3]);
    const set = Array.from({ length: 8 }, (_, at) => painted?.[at * 4 + 3]);
    expect(set).toEqual([255, 0, 0, 0, 0, 0, 0, 255]);
  });

  it("is none where bits are missing", () =>
    expect(overlayPlane({ ...header, "60020010": us(200) }, "6002", Uint8Array.of(1))).toBeUndefined());

  it("of several frames lies on those that it names alone", () => {
    const plane = overlayPlane({ ...header, "60020015": is(1), "60020051": us(2) }, "6002", Uint8Array.of(1));
    expect(plane && [1, 2, 3].map((frame) => planeFrame(plane, frame))).toEqual([undefined, 0, undefined]);
  });
});

describe("a word of pixels", () => {
  const words = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
  const read = (bytes: Uint8Array) => [...new Uint16Array(bytes.buffer)];
  const of12 = { allocated: 16, stored: 12, highBit: 11, isSigned: false };

  it("keeps its stored bits alone, wherever in it they lie", () => {
    expect(read(onlyStoredBits(words(0x8abc, 0x0abc), of12, false))).toEqual([0xabc, 0xabc]);
    expect(read(onlyStoredBits(words(0xabc7), { ...of12, highBit: 15 }, false))).toEqual([0xabc]);
  });

  it("keeps its sign up to its end", () =>
    expect(read(onlyStoredBits(words(0x0fff, 0x07ff, 0xffff), { ...of12, isSigned: true }, false))).toEqual([
      0xffff, 0x07ff, 0xffff,
    ]));

  it("may be of the other order", () =>
    expect([...onlyStoredBits(Uint8Array.of(0x8a, 0xbc), of12, true)]).toEqual([0x0a, 0xbc]));

  it("that is all stored, or says no sense, is left as it is", () => {
    const whole = { allocated: 16, stored: 16, highBit: 15, isSigned: false };
    expect(read(onlyStoredBits(words(0xffff), whole, false))).toEqual([0xffff]);
    expect(read(onlyStoredBits(words(0xffff), { ...of12, highBit: 2 }, false))).toEqual([0xffff]);
  });
});

describe("native colour that two pixels share", () => {
  it("is red, green and blue for each of them", () =>
    expect([...rgbOf422(Uint8Array.of(76, 150, 85, 255))]).toEqual([254, 0, 0, 255, 74, 74]));
});

describe("a VOI LUT function", () => {
  it("that nobody knows is linear", () => {
    const of = (value: string): Header => ({ "00281056": { vr: "CS", Value: [value] } });
    expect([of("SIGMOID"), of("LINEAR_EXACT"), of("CUBIC"), {}].map((header) => voiFunction(header))).toEqual(
      ["SIGMOID", "LINEAR_EXACT", "LINEAR", "LINEAR"],
    );
  });
});

describe("a window's shades", () => {
  it.each([
    ["LINEAR", 40, 400, -160, 0],
    ["LINEAR", 40, 400, 39.5, 0.5],
    ["LINEAR", 40, 400, 239, 1],
    ["LINEAR", 40, 1, 39.5, 0],
    ["LINEAR", 40, 1, 40, 1],
    ["LINEAR_EXACT", 40, 400, 40, 0.5],
    ["SIGMOID", 40, 400, 40, 0.5],
    ["SIGMOID", 40, 400, 140, 1 / (1 + Math.exp(-1))],
  ])("%s, C %d W %d: %d is %d", (how, center, width, value, shade) => {
    expect(windowed({ how, center, width })(value)).toBeCloseTo(shade, 6);
  });
});
