import { describe, expect, it } from "vitest";
import type { Header, ViewerInstance } from "../contract.ts";
import { isOtherSide } from "../layout/other-side.ts";
import { breastSide } from "./breast-side.ts";
import { slabText, viewOf, viewText } from "./view.ts";

const header = (values: Record<string, (string | number)[]>): Header =>
  Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: "CS", Value }]));
const code = (value: string, meaning = value): Header =>
  header({ "00080100": [value], "00080104": [meaning] });
const viewed = (view: string, modifiers: Header[] = [], more: Header = {}): Header => ({
  ...more,
  "00540220": {
    vr: "SQ",
    Value: [{ ...code(view), "00540222": { vr: "SQ", Value: modifiers } }],
  },
});
const MG = "1.2.840.10008.5.1.4.1.1.1.2";
const BTO = "1.2.840.10008.5.1.4.1.1.13.1.3";

describe("the view of a mammogram", () => {
  it.each([
    ["by its code, SNOMED CT", viewed("399162004"), "CC"],
    ["by its code, SNOMED RT", viewed("R-10226"), "MLO"],
    ["else by View Position", header({ "00185101": ["MLO"] }), "MLO"],
    ["also where the sender writes the side before it", header({ "00185101": ["RCC"] }), "CC"],
    ["never from words", header({ "0008103E": ["R CC"] }), undefined],
    ["none", {}, undefined],
  ])("%s", (_says, given, view) => expect(viewOf(given, MG).view).toBe(view));

  it("is in doubt where its code and View Position disagree", () => {
    const given = viewed("399162004", [], header({ "00185101": ["MLO"] }));
    expect(viewOf(given, MG).doubt).toBe("the coded view is CC, View Position says MLO");
  });

  it.each([
    ["magnified", [code("399163009")], ["magnified"]],
    ["spot compression", [code("R-102D7")], ["spot compression"]],
    ["rolled", [code("399197002")], ["rolled"]],
    ["what nobody knows is no plain view", [code("X-1", "Odd")], ["Odd"]],
    ["nipple in profile is plain", [code("442581004")], []],
  ])("%s", (_says, modifiers, extras) => {
    expect(viewOf(viewed("399162004", modifiers), MG).extras).toEqual(extras);
  });

  it("implant displaced, partial, synthetic, specimen and tomosynthesis say so", () => {
    expect(viewText(viewOf(viewed("399162004", [code("399209000")]), MG))).toBe("CC, implant displaced");
    expect(viewOf(header({ "00281350": ["YES"] }), MG).extras).toEqual(["part of the breast"]);
    const synthetic = viewOf(header({ "00080008": ["DERIVED", "PRIMARY", "TOMO", "GENERATED_2D"] }), MG);
    expect(viewText(synthetic)).toBe("SYNTHETIC");
    expect(viewOf(viewed("127457009"), MG).kind).toBe("specimen");
    expect(viewOf(header({ "0008103E": ["R breast specimen"] }), MG).kind).toBe("specimen");
    expect(viewText(viewOf(viewed("399368009"), BTO))).toBe("MLO, TOMOSYNTHESIS");
  });

  it("a slab says which of how many, and how thick, if the object does", () => {
    expect(slabText(header({ "00180050": [1] }), 12, 60)).toBe("slab 12 of 60, 1.0 mm");
    expect(slabText({}, 12, 60)).toBe("slab 12 of 60");
  });
});

describe("the side of a mammogram", () => {
  const said = (side: string, along: string) =>
    header({ "00080060": ["MG"], "00200062": [side], "00200020": [along, "F"] });

  it.each([
    ["R", "P"],
    ["L", "A"],
  ])("%s, whose chest wall lies where that breast has it: %s", (side, along) => {
    expect(breastSide(said(side, along))).toMatchObject({ kind: "side", side });
  });

  it.each([
    ["R", "A", "left"],
    ["L", "P", "right"],
  ])("%s is in doubt where Patient Orientation begins with %s", (side, along, wall) => {
    const why = `Image Laterality says ${side}, Patient Orientation has the chest wall at the ${wall}`;
    expect(breastSide(said(side, along))).toEqual({ kind: "doubt", why });
  });
});

describe("a prior of the other side says so", () => {
  const instance = (side: string): ViewerInstance => ({
    instanceId: side,
    version: 1,
    sopInstanceUid: "1",
    sopClassUid: "1",
    transferSyntaxUid: "1",
    encoding: "plain",
    sizeBytes: 1,
    frames: [],
    header: header({ "00200062": [side] }),
  });
  const showing = (role: "current" | "prior", side: string) => ({
    opened: { role },
    isReady: true,
    frame: { instance: instance(side) },
  });
  const cells = (...all: ReturnType<typeof showing>[]) => new Map(all.map((one, at) => [at, one]));

  it.each([
    ["the other knee", cells(showing("current", "R"), showing("prior", "L")), true],
    ["the same knee", cells(showing("current", "R"), showing("prior", "R")), false],
    [
      "both breasts are read",
      cells(showing("current", "R"), showing("prior", "L"), showing("current", "L")),
      false,
    ],
    ["both knees in one image", cells(showing("current", "B"), showing("prior", "L")), false],
    ["the prior's isn't known", cells(showing("current", "R"), showing("prior", "?")), false],
  ])("%s", (_says, given, expected) => expect(isOtherSide(given, 1)).toBe(expected));
});
