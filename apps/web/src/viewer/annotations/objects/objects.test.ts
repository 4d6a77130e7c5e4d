import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Header } from "../../contract.ts";
import { items, meaning, number, numbers, text } from "../../header.ts";
import type { Shape } from "../contract.ts";
import { decimal, type Making, type Referred, uidOf } from "./dataset.ts";
import { keyObjects } from "./key-objects.ts";
import { isReportable, measurementReport, type Reported } from "./measurement-report.ts";
import { pointedByState, pointedIn } from "./read-content.ts";
import { writeObject } from "./write-object.ts";

const like: Header = {
  "00080020": { vr: "DA", Value: ["20261120"] },
  "00080030": { vr: "TM", Value: ["101500"] },
  "00080050": { vr: "SH", Value: ["A1"] },
  "00081030": { vr: "LO", Value: ["CT Chest"] },
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Ruler^Mårked" }] },
  "00100020": { vr: "LO", Value: ["RXC-RULER"] },
  "00100030": { vr: "DA", Value: ["19610403"] },
  "00100040": { vr: "CS", Value: ["F"] },
  "0020000D": { vr: "UI", Value: ["1.2.826.0.1.1"] },
};
const making = (name: string): Making => ({
  ...{ like, at: new Date("2026-11-26T02:03:04Z"), description: name, seriesNumber: 900 },
  sopInstanceUid: uidOf("0f5b8a1e-3c55-4a0e-9a51-6f0f7e1b2c3d"),
  seriesInstanceUid: uidOf("1f5b8a1e-3c55-4a0e-9a51-6f0f7e1b2c3d"),
});
const referred = (number: number, frame?: number): Referred => ({
  ...{ seriesInstanceUid: "1.2.826.0.1.2", sopClassUid: "1.2.840.10008.5.1.4.1.1.2" },
  sopInstanceUid: `1.2.826.0.1.3.${number}`,
  frame,
});
const at = (...places: [number, number][]) => places.map(([column, row]) => ({ column, row }));
const shape = (tool: Shape["tool"], more: Partial<Shape>): Shape => ({
  ...{ kind: "measurement", tool, label: "", source: "in the patient", values: [], places: [] },
  ...more,
});
const mm = (name: string, value: number) => ({ name, value, unit: "mm" });
const hu = (name: string, value: number) => ({ name, value, unit: "HU" });
const SHAPES: Shape[] = [
  shape("length", { label: "nodule", places: at([1.5, 2], [11.25, 2]), values: [mm("Length", 1 / 3)] }),
  shape("bidirectional", {
    places: at([0, 0], [0, 10], [0, 0], [30, 0]),
    values: [mm("Long axis", 30), mm("Short axis", 10)],
  }),
  shape("angle", { places: at([1, 0], [0, 0], [0, 1]), values: [{ name: "Angle", value: 90, unit: "°" }] }),
  shape("ellipse", {
    places: at([5, 0], [5, 4], [0, 2], [10, 2]),
    values: [
      hu("Mean", 40.125),
      hu("SD", 3),
      hu("Least", -1000),
      hu("Most", 70),
      { name: "Area", value: 31.4, unit: "mm²" },
    ],
  }),
  shape("probe", { places: at([3.5, 4.5]), values: [{ name: "Value", value: 12, unit: "stored values" }] }),
];
const reported: Reported[] = SHAPES.map((one, index) => ({
  ...{ shape: one, referred: referred(index + 1), trackingUid: `2.25.${index + 1}` },
}));
const observer = { name: "Dr Rohan Patel", organisation: "RA2" };

const hasDciodvfy = (() => {
  try {
    execFileSync("sh", ["-c", "command -v dciodvfy"], { stdio: "ignore" });
    return true;
  } catch {
    console.log("LEFT OUT what the viewer makes passes dciodvfy: dciodvfy (Debian package dicom3tools)");
    return false;
  }
})();

function errorsOf(bytes: Uint8Array): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-made-"));
  try {
    const file = path.join(folder, "made.dcm");
    writeFileSync(file, bytes);
    const said = execFileSync("sh", ["-c", `dciodvfy "${file}" 2>&1 || true`], { encoding: "utf8" });
    return said.split("\n").filter((line) => /^Error/.test(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All items of a tree of one type. */
const all = (tree: Header, type: string): Header[] =>
  items(tree, "0040A730").flatMap((item) => [
    ...(text(item, "0040A040") === type ? [item] : []),
    ...all(item, type),
  ]);

describe("a report of measurements", () => {
  const report = measurementReport(making("Measurements"), reported, observer);

  it("comes back equal: every value, its unit and its places", () => {
    const told = all(report, "NUM").map((item) => {
      const [measured = {}] = items(item, "0040A300");
      return [
        meaning(items(item, "0040A043")[0]),
        number(measured, "0040A30A"),
        text(items(measured, "004008EA")[0] ?? {}, "00080100"),
      ];
    });
    expect(told).toEqual([
      ["Length", decimal(1 / 3), "mm"],
      ["Long Axis", 30, "mm"],
      ["Short Axis", 10, "mm"],
      ["Angle", 90, "deg"],
      ["Mean", 40.125, "[hnsf'U]"],
      ["Standard Deviation", 3, "[hnsf'U]"],
      ["Minimum", -1000, "[hnsf'U]"],
      ["Maximum", 70, "[hnsf'U]"],
      ["Area", 31.4, "mm2"],
      ["Value of a pixel", 12, "{stored}"],
    ]);
    const places = all(report, "SCOORD").map((item) => [
      text(item, "00700023"),
      ...numbers(item, "00700022"),
    ]);
    expect(places.slice(0, 4)).toEqual([
      ["POLYLINE", 1.5, 2, 11.25, 2],
      // The long axis, though it was drawn second.
      ["POLYLINE", 0, 0, 30, 0],
      ["POLYLINE", 0, 0, 0, 10],
      ["POLYLINE", 1, 0, 0, 0, 0, 0, 0, 1],
    ]);
    // Its longer axis first.
    expect(places[4]).toEqual(["ELLIPSE", 0, 2, 10, 2, 5, 0, 5, 4]);
    expect(places.at(-1)).toEqual(["POINT", 3.5, 4.5]);
  });

  it("points to each image with what was measured on it, and says who did", () => {
    expect(pointedIn(report)).toHaveLength(5);
    expect(pointedIn(report)[0]).toEqual({
      ...{ seriesInstanceUid: "1.2.826.0.1.2", sopInstanceUid: "1.2.826.0.1.3.1", frame: 1 },
      says: "Length 0.3 millimeter",
    });
    expect(all(report, "PNAME")[0]?.["0040A123"]?.Value).toEqual([{ Alphabetic: "Patel^Rohan" }]);
    const texts = all(report, "TEXT").map((item) => text(item, "0040A160"));
    expect(texts).toEqual(expect.arrayContaining(["RA2", "nodule", "in the patient"]));
  });

  it("has no decimal of more than 16 characters", () => {
    for (const value of [1 / 3, -1 / 3, 1e-7 / 3, 123456789.12345679, -2 / 3e9])
      expect(String(decimal(value)).length).toBeLessThanOrEqual(16);
  });

  it("holds no arrow, and nothing that was told in pixels for want of a scale", () => {
    expect(isReportable(shape("arrow", {}))).toBe(false);
    expect(isReportable(shape("length", { source: "no scale in this image: pixels only" }))).toBe(false);
  });

  it.runIf(hasDciodvfy)("passes dciodvfy", async () => {
    expect(errorsOf(await writeObject(report))).toEqual([]);
  });
});

describe("key objects", () => {
  const key = keyObjects(making("Key images"), "for the meeting", [
    referred(1),
    { ...referred(2, 7), sopClassUid: "1.2.840.10008.5.1.4.1.1.2.1" },
  ]);

  it("point to each image, with the note", () => {
    expect(pointedIn(key).map(({ sopInstanceUid, frame, says }) => [sopInstanceUid, frame, says])).toEqual([
      ["1.2.826.0.1.3.1", 1, "for the meeting"],
      ["1.2.826.0.1.3.2", 7, "for the meeting"],
    ]);
  });

  it.runIf(hasDciodvfy)("pass dciodvfy", async () => {
    expect(errorsOf(await writeObject(key))).toEqual([]);
  });
});

describe("a presentation state of somebody else", () => {
  const image = (uid: string): Header => ({ "00081155": { vr: "UI", Value: [uid] } });
  const said = (words: string, ...of: string[]): Header => ({
    "00081140": { vr: "SQ", Value: of.map(image) },
    "00700008": { vr: "SQ", Value: [{ "00700006": { vr: "ST", Value: [words] } }] },
  });
  it("points to its images, each with the words that stand on it", () => {
    const state: Header = {
      "00081115": {
        vr: "SQ",
        Value: [
          {
            "0020000E": { vr: "UI", Value: ["1.2"] },
            "00081140": { vr: "SQ", Value: [image("1.2.1"), image("1.2.2")] },
          },
        ],
      },
      "00700001": { vr: "SQ", Value: [said("here", "1.2.2"), said("all")] },
    };
    expect(
      pointedByState(state).map(({ seriesInstanceUid, sopInstanceUid, says }) => [
        seriesInstanceUid,
        sopInstanceUid,
        says,
      ]),
    ).toEqual([
      ["1.2", "1.2.1", "all"],
      ["1.2", "1.2.2", "here, all"],
    ]);
  });
});
