import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { metaData } from "@cornerstonejs/core";
import { data } from "dcmjs";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Header } from "../../contract.ts";
import type { Shape } from "../contract.ts";
import { uidOf } from "./dataset.ts";
import { measurementReport } from "./measurement-report.ts";
import { writeObject } from "./write-object.ts";

/** Half a millimetre a pixel: the middle of the first one is where the plane begins. */
const MM = 0.5;
const worldOf = (...[column, row]: [column: number, row: number]) => [
  (column - 0.5) * MM,
  (row - 0.5) * MM,
  0,
];
const at = (...places: [number, number][]) => places.map(([column, row]) => ({ column, row }));
const shape = (tool: Shape["tool"], more: Partial<Shape>): Shape => ({
  ...{ kind: "measurement", tool, label: "", source: "in the patient", values: [], places: [] },
  ...more,
});
const value = (name: string, of: number, unit: string) => ({ name, value: of, unit });
const SHAPES: Shape[] = [
  shape("length", {
    ...{ label: "nodule", places: at([1.5, 2], [11.5, 2]) },
    values: [value("Length", 5, "mm")],
  }),
  shape("bidirectional", {
    places: at([0, 0], [0, 10], [0, 0], [30, 0]),
    values: [value("Long axis", 15, "mm"), value("Short axis", 5, "mm")],
  }),
  shape("angle", { places: at([1, 0], [0, 0], [0, 1]), values: [value("Angle", 90, "°")] }),
  shape("ellipse", {
    places: at([0, 2], [10, 2], [5, 0], [5, 4]),
    values: [
      ...[value("Mean", 40.125, "HU"), value("SD", 3, "HU"), value("Least", -1000, "HU")],
      ...[value("Most", 70, "HU"), value("Area", 31.4, "mm²")],
    ],
  }),
  shape("probe", { places: at([3.5, 4.5]), values: [value("Value", 12, "stored values")] }),
];

const like: Header = {
  "00080020": { vr: "DA", Value: ["20261120"] },
  "00100020": { vr: "LO", Value: ["RXC-RULER"] },
  "0020000D": { vr: "UI", Value: ["1.2.826.0.1.1"] },
};
const sopOf = (at: number) => `1.2.826.0.1.3.${at + 1}`;
const written = () =>
  writeObject(
    measurementReport(
      {
        ...{ like, at: new Date("2026-11-26T02:03:04Z"), description: "Measurements", seriesNumber: 900 },
        sopInstanceUid: uidOf("0f5b8a1e-3c55-4a0e-9a51-6f0f7e1b2c3d"),
        seriesInstanceUid: uidOf("1f5b8a1e-3c55-4a0e-9a51-6f0f7e1b2c3d"),
      },
      SHAPES.map((one, index) => ({
        shape: one,
        referred: {
          ...{ seriesInstanceUid: "1.2.826.0.1.2", sopClassUid: "1.2.840.10008.5.1.4.1.1.2" },
          ...{ sopInstanceUid: sopOf(index), frame: undefined },
        },
        trackingUid: `2.25.${index + 1}`,
      })),
      { name: "Dr Rohan Patel", organisation: "RA2" },
    ),
  );

const Read = z.record(
  z.string(),
  z.array(
    z.object({
      annotation: z.object({
        metadata: z.object({ toolName: z.string(), referencedImageId: z.string() }),
        data: z.object({
          label: z.string().optional(),
          handles: z.object({ points: z.array(z.array(z.number())) }),
          cachedStats: z.record(z.string(), z.record(z.string(), z.unknown())),
        }),
      }),
    }),
  ),
);

/** As OHIF and others that are built on cornerstone read a report into their drawings. */
async function readByAdapters(bytes: Uint8Array) {
  const { adaptersSR } = await import("@cornerstonejs/adapters");
  const file = data.DicomMessage.readFile(new Uint8Array(bytes).buffer);
  const dataset = data.DicomMetaDictionary.naturalizeDataset(file.dict);
  const images = Object.fromEntries(SHAPES.map((_, at) => [`${sopOf(at)}:1`, `image:${at}`]));
  return Read.parse(
    adaptersSR.Cornerstone3D.MeasurementReport.generateToolState(dataset, images, metaData, undefined),
  );
}

describe("a report of ours in another viewer's hands", () => {
  beforeAll(() => {
    metaData.addProvider((type: string) =>
      type === "imagePlaneModule"
        ? {
            ...{ imagePositionPatient: [0, 0, 0], rowCosines: [1, 0, 0], columnCosines: [0, 1, 0] },
            ...{ rowPixelSpacing: MM, columnPixelSpacing: MM, rows: 40, columns: 60 },
            frameOfReferenceUID: "1.9",
          }
        : undefined,
    );
  });

  it("is read by @cornerstonejs/adapters as the same drawings, each on its image, with its values", async () => {
    const read = await readByAdapters(await written());
    const told = Object.values(read).flatMap((all) =>
      all.map(({ annotation: { metadata, data: drawn } }) => ({
        tool: metadata.toolName,
        image: metadata.referencedImageId,
        points: drawn.handles.points,
        stats: drawn.cachedStats[`imageId:${metadata.referencedImageId}`],
        label: drawn.label,
      })),
    );
    expect(told).toMatchObject([
      {
        ...{ tool: "Length", image: "image:0", label: "nodule", stats: { length: 5, unit: "mm" } },
        points: [worldOf(1.5, 2), worldOf(11.5, 2)],
      },
      {
        ...{ tool: "Bidirectional", image: "image:1", stats: { length: 15, width: 5, unit: "mm" } },
        points: [worldOf(0, 0), worldOf(30, 0), worldOf(0, 0), worldOf(0, 10)],
      },
      {
        ...{ tool: "Angle", image: "image:2", stats: { angle: 90 } },
        points: [worldOf(1, 0), worldOf(0, 0), worldOf(0, 1)],
      },
      {
        ...{ tool: "EllipticalROI", image: "image:3" },
        stats: { area: 31.4, mean: 40.125, stdDev: 3, min: -1000, max: 70 },
        points: [worldOf(0, 2), worldOf(10, 2), worldOf(5, 0), worldOf(5, 4)],
      },
      {
        ...{ tool: "Probe", image: "image:4", stats: { value: 12 } },
        points: [worldOf(3.5, 4.5)],
      },
    ]);
  });

  const hasDsrdump = (() => {
    try {
      execFileSync("sh", ["-c", "command -v dsrdump"], { stdio: "ignore" });
      return true;
    } catch {
      console.log("LEFT OUT a report of ours is read by dsrdump: dsrdump (Debian package dcmtk)");
      return false;
    }
  })();

  it.runIf(hasDsrdump)("is read by dsrdump: every value with its unit, and no complaint", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "weald-dsr-"));
    try {
      const file = path.join(folder, "report.dcm");
      writeFileSync(file, await written());
      const said = execFileSync("sh", ["-c", `dsrdump "${file}" 2>&1`], { encoding: "utf8" });
      const values = [...said.matchAll(/NUM:\(,,"([^"]+)"\)="([^"]+)" \(([^,]+),UCUM/g)];
      expect(values.map(([, name, of, unit]) => `${name} ${of} ${unit}`)).toEqual([
        ...["Length 5 mm", "Long Axis 15 mm", "Short Axis 5 mm", "Angle 90 deg"],
        ...["Mean 40.125 [hnsf'U]", "Standard Deviation 3 [hnsf'U]", "Minimum -1000 [hnsf'U]"],
        ...["Maximum 70 [hnsf'U]", "Area 31.4 mm2", "Value of a pixel 12 {stored}"],
      ]);
      // It checks no letters of Unicode, and says so.
      expect(said.split("\n").filter((line) => /^[EWF]: /.test(line) && !/ISO_IR 192/.test(line))).toEqual(
        [],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
