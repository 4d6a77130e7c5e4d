import type { DicomJson } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { withoutNul } from "./without-nul.ts";

const NUL = "\u0000";

describe("NUL in the texts of an object", () => {
  const dataset: DicomJson = {
    "00081030": { vr: "LO", Value: [`Che${NUL}st`, `${NUL}`] },
    "00100010": { vr: "PN", Value: [{ Alphabetic: `Alder^Rowan${NUL}`, Ideographic: "王" }] },
    "00101002": { vr: "SQ", Value: [{ "00100020": { vr: "LO", Value: [`1${NUL}2`] } }] },
    "00200013": { vr: "IS", Value: [7, null] },
    "00204000": { vr: "LT", Value: ["plain \\u0000 text"] },
    "00880200": { vr: "OB", InlineBinary: "AAE=" },
  };
  it("is taken out at every depth, and nothing else changes", () =>
    expect(withoutNul(dataset)).toEqual({
      "00081030": { vr: "LO", Value: ["Chest", ""] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Alder^Rowan", Ideographic: "王" }] },
      "00101002": { vr: "SQ", Value: [{ "00100020": { vr: "LO", Value: ["12"] } }] },
      "00200013": { vr: "IS", Value: [7, null] },
      "00204000": { vr: "LT", Value: ["plain \\u0000 text"] },
      "00880200": { vr: "OB", InlineBinary: "AAE=" },
    }));
});
