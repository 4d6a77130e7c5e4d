import { describe, expect, it } from "vitest";
import type { Header } from "../contract.ts";
import { lengthBetween, scaleFor } from "./spacing.ts";

const header = (values: Record<string, [string, ...(string | number)[]]>): Header =>
  Object.fromEntries(Object.entries(values).map(([tag, [vr, ...Value]]) => [tag, { vr, Value }]));
const A = { column: 10, row: 20 };
const B = { column: 40, row: 60 };

const CT = header({ "00080060": ["CS", "CT"], "00280030": ["DS", 0.5, 0.7] });
const region = (x0: number, x1: number, more: Header = {}): Header => ({
  ...header({
    "00186018": ["UL", x0],
    "0018601A": ["UL", 0],
    "0018601C": ["UL", x1],
    "0018601E": ["UL", 200],
    "00186024": ["US", 3],
    "00186026": ["US", 3],
    "0018602C": ["FD", 0.05],
    "0018602E": ["FD", 0.1],
  }),
  ...more,
});
const ultrasound = (...regions: Header[]): Header => ({
  ...header({ "00080060": ["CS", "US"] }),
  "00186011": { vr: "SQ", Value: regions },
});
const projection = (values: Parameters<typeof header>[0]) => header({ "00080060": ["CS", "DX"], ...values });

describe("a length says where it comes from, or is not shown", () => {
  it("slabs of a tomosynthesis are in the patient, as their Pixel Measures say; a projection with the like is not", () => {
    const measures = { "00289110": { vr: "SQ", Value: [header({ "00280030": ["DS", 1.2, 1.2] })] } };
    const slabs: Header = {
      ...header({ "00080060": ["CS", "MG"], "00089206": ["CS", "VOLUME"] }),
      "52009229": { vr: "SQ", Value: [measures] },
    };
    expect(scaleFor(slabs, 1, A, B)).toEqual({
      ...{ kind: "scale", rowMm: 1.2, columnMm: 1.2 },
      source: "in the patient",
    });
    const { "00089206": _volume, ...projected } = slabs;
    expect(scaleFor(projected, 1, A, B).kind).toBe("none");
  });

  it("in a cross-section: Pixel Spacing, rows and columns each their own", () => {
    const length = lengthBetween(CT, 1, A, B);
    expect(length).toEqual({
      kind: "length",
      mm: Math.hypot(30 * 0.7, 40 * 0.5),
      text: "29.0 mm (in the patient)",
    });
  });

  it.each([
    ["at the detector, without a factor", { "00181164": ["DS", 0.2, 0.2] }, 0.2, "at the detector"],
    [
      "corrected by the magnification factor",
      { "00181164": ["DS", 0.2, 0.2], "00181114": ["DS", 1.25] },
      0.16,
      "corrected for magnification 1.25",
    ],
    [
      "a factor below one is none",
      { "00181164": ["DS", 0.2, 0.2], "00181114": ["DS", 0] },
      0.2,
      "at the detector",
    ],
    [
      "calibrated by geometry",
      { "00280030": ["DS", 0.18, 0.18], "00181164": ["DS", 0.2, 0.2], "00280A02": ["CS", "GEOMETRY"] },
      0.18,
      "calibrated by geometry",
    ],
    [
      "calibrated by a fiducial",
      { "00280030": ["DS", 0.17, 0.17], "00280A02": ["CS", "FIDUCIAL"] },
      0.17,
      "calibrated by a fiducial",
    ],
    ["stated without saying how", { "00280030": ["DS", 0.3, 0.3] }, 0.3, "as stated, calibration unknown"],
  ] as const)("in a radiograph: %s", (_says, values, mm, source) => {
    expect(scaleFor(projection(values as never), 1, A, B)).toEqual({
      kind: "scale",
      rowMm: mm,
      columnMm: mm,
      source,
    });
  });

  it("in ultrasound only inside one region whose units are centimetres", () => {
    expect(lengthBetween(ultrasound(region(0, 100)), 1, A, B)).toMatchObject({
      kind: "length",
      mm: Math.hypot(30 * 0.5, 40 * 1),
      text: expect.stringContaining("ultrasound region"),
    });
    expect(lengthBetween(ultrasound(region(0, 30)), 1, A, B).text).toContain("no scale here");
    expect(lengthBetween(ultrasound(region(0, 25), region(26, 100)), 1, A, B).kind).toBe("none");
    const time = region(0, 100, header({ "00186024": ["US", 4] }));
    expect(lengthBetween(ultrasound(time), 1, A, B)).toMatchObject({
      kind: "none",
      text: expect.stringContaining("doesn't measure distance"),
    });
    expect(lengthBetween({ ...ultrasound(), ...header({ "00280030": ["DS", 1, 1] }) }, 1, A, B).kind).toBe(
      "none",
    );
  });

  it("nowhere without a scale: pixels, and the reason", () => {
    expect(lengthBetween(header({ "00080060": ["CS", "OT"] }), 1, A, B)).toEqual({
      kind: "none",
      text: "50 px, no scale in this image: pixels only",
    });
    expect(
      lengthBetween(header({ "00080060": ["CS", "CT"], "00280030": ["DS", 0, 0.7] }), 1, A, B).kind,
    ).toBe("none");
  });

  it("in an enhanced object by the frame's own Pixel Measures, else the shared ones", () => {
    const measures = (mm: number) => ({
      "00289110": { vr: "SQ", Value: [header({ "00280030": ["DS", mm, mm] })] },
    });
    const enhanced: Header = {
      ...header({ "00080060": ["CS", "MR"] }),
      "52009229": { vr: "SQ", Value: [measures(2)] },
      "52009230": { vr: "SQ", Value: [measures(3), {}] },
    };
    expect(scaleFor(enhanced, 1, A, B)).toMatchObject({ rowMm: 3 });
    expect(scaleFor(enhanced, 2, A, B)).toMatchObject({ rowMm: 2 });
  });
});
