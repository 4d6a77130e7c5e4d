import { describe, expect, it } from "vitest";
import { DEFLATED, EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "../transfer-syntax.ts";
import type { DicomJson } from "../types.ts";
import { readDataset, readDatasetHead } from "./read-dataset.ts";
import { writeDataset } from "./write-part10.ts";

const dataset: DicomJson = {
  "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
  "00080018": { vr: "UI", Value: ["1.2.3"] },
  "00080060": { vr: "CS", Value: ["CT"] },
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Ängström^Öde" }] },
  "00400100": { vr: "SQ", Value: [{ "00080060": { vr: "CS", Value: ["MR"] } }] },
};

describe("a data set without a file", () => {
  it.each([EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG])("is read as it was written: %s", (syntax) => {
    expect(readDataset(writeDataset(dataset, syntax), syntax)).toEqual(dataset);
  });

  it("tells its first elements while the rest is still to come", () => {
    const bytes = writeDataset(dataset, IMPLICIT_LITTLE);
    const head = readDatasetHead(bytes.subarray(0, 60), IMPLICIT_LITTLE, "00080060");
    expect(Object.keys(head ?? {})).toEqual(["00080005", "00080018", "00080060"]);
    expect(readDatasetHead(bytes.subarray(0, 20), IMPLICIT_LITTLE, "00080060")).toBeUndefined();
    expect(readDatasetHead(bytes, DEFLATED, "00080060")).toBeUndefined();
    expect(readDatasetHead(Buffer.alloc(64, 0xff), EXPLICIT_LITTLE, "00080060")).toEqual({});
  });
});
