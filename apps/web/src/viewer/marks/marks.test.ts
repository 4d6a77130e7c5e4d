import { describe, expect, it } from "vitest";
import type { Header } from "../contract.ts";
import { edgesOf, lettersOf, opposite } from "./orientation.ts";
import { lossyText } from "./quality.ts";
import { nameOfWindow, windowsFor } from "./windows.ts";

const header = (values: Record<string, (string | number)[]>): Header =>
  Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: "UN", Value }]));

describe("which way the patient lies", () => {
  it.each([
    ["axial", [1, 0, 0, 0, 1, 0], { left: "R", right: "L", top: "A", bottom: "P" }],
    ["coronal", [1, 0, 0, 0, 0, -1], { left: "R", right: "L", top: "H", bottom: "F" }],
    ["sagittal", [0, 1, 0, 0, 0, -1], { left: "A", right: "P", top: "H", bottom: "F" }],
    ["prone", [-1, 0, 0, 0, -1, 0], { left: "L", right: "R", top: "P", bottom: "A" }],
  ])("%s, from Image Orientation (Patient)", (_says, cosines, edges) =>
    expect(edgesOf(header({ "00200037": cosines }))).toEqual(edges),
  );

  it("oblique has two letters, the strongest first", () => {
    expect(lettersOf([0.8, 0.6, 0])).toBe("LP");
    expect(opposite("LP")).toBe("RA");
  });

  it("a projection has what Patient Orientation says, and one without says nothing", () => {
    expect(edgesOf(header({ "00200020": ["L", "F"] }))).toEqual({
      right: "L",
      bottom: "F",
      left: "R",
      top: "H",
    });
    expect(edgesOf(header({ "00200020": ["L"] }))).toBeUndefined();
    expect(edgesOf({})).toBeUndefined();
  });
});

describe("lossy says so", () => {
  it.each([
    [header({ "00282110": ["01"], "00282112": [12.4] }), "1.2.840.10008.1.2.1", "LOSSY 12:1"],
    [header({ "00282110": ["01"] }), "1.2.840.10008.1.2.1", "LOSSY, ratio not stated"],
    [{}, "1.2.840.10008.1.2.4.50", "LOSSY, ratio not stated"],
    [header({ "00282110": ["00"] }), "1.2.840.10008.1.2.1", undefined],
  ])("%#", (given, syntax, text) => expect(lossyText(given, syntax)).toBe(text));
});

describe("windows", () => {
  it("are first what the image says, then for CT the usual ones, nine at most, none twice", () => {
    const ct = windowsFor(
      header({
        "00080060": ["CT"],
        "00281050": [40, -600],
        "00281051": [400, 1500],
        "00281055": ["SOFT TISSUE", "LUNG"],
      }),
    );
    expect(ct.map(({ name }) => name)).toEqual([
      "SOFT TISSUE",
      "LUNG",
      "Bone",
      "Brain",
      "Stroke",
      "Liver",
      "Mediastinum",
      "Angiography",
    ]);
    expect(windowsFor(header({ "00080060": ["MR"] }))).toEqual([]);
    expect(windowsFor(header({ "00281050": [40], "00281051": [0] }))).toEqual([]);
  });

  it("of a tomosynthesis are each slab's own before all slabs', and the object's where neither says one", () => {
    const voi = (center: number): Header => ({
      "00289132": { vr: "SQ", Value: [header({ "00281050": [center], "00281051": [100] })] },
    });
    const groups = (more: Header, own: Header[]): Header => ({
      ...header({ "00281050": [1], "00281051": [100] }),
      "52009229": { vr: "SQ", Value: [more] },
      "52009230": { vr: "SQ", Value: own },
    });
    const centerOf = (of: Header, frame: number) => windowsFor(of, frame)[0]?.center;
    const mixed = groups(voi(2), [voi(3), {}]);
    expect([centerOf(mixed, 1), centerOf(mixed, 2), centerOf(groups({}, []), 1)]).toEqual([3, 2, 1]);
  });

  it("keep their name until the reader moves from them", () => {
    const windows = [{ name: "Lung", center: -600, width: 1500 }];
    expect(nameOfWindow(windows, { center: -600.4, width: 1500 })).toBe("Lung");
    expect(nameOfWindow(windows, { center: -590, width: 1500 })).toBeUndefined();
  });
});
