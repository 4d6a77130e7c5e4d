import { describe, expect, it } from "vitest";
import type { Header } from "../contract.ts";
import { establishSide } from "./side.ts";

const header = (values: Record<string, string>): Header =>
  Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, { vr: "CS", Value: [value] }]));
const coded = (code: string): Header => ({
  "00082218": {
    vr: "SQ",
    Value: [{ "00082220": { vr: "SQ", Value: [{ "00080100": { vr: "SH", Value: [code] } }] } }],
  },
});

describe("a side is established, never assumed", () => {
  it.each([
    [
      "Image Laterality first",
      header({ "00200062": "L" }),
      { kind: "side", side: "L", source: "Image Laterality" },
    ],
    ["else Laterality", header({ "00200060": "R" }), { kind: "side", side: "R", source: "Laterality" }],
    ["else coded anatomy, SNOMED CT", coded("7771000"), { kind: "side", side: "L", source: "coded anatomy" }],
    ["else coded anatomy, SNOMED RT", coded("G-A100"), { kind: "side", side: "R", source: "coded anatomy" }],
    ["both", header({ "00200062": "B" }), { kind: "side", side: "B", source: "Image Laterality" }],
    ["none, of a part that has no other", header({ "00180015": "CHEST" }), { kind: "unpaired" }],
  ])("%s", (_says, given, expected) => expect(establishSide(given)).toEqual(expected));

  it.each([
    [
      "two attributes disagree",
      { ...header({ "00200062": "L" }), ...coded("24028007") },
      "Image Laterality says L, coded anatomy says R",
    ],
    ["a paired part says none", header({ "00180015": "KNEE" }), "the image says no side"],
    ["a mammogram says none", header({ "00080060": "MG" }), "the image says no side"],
    [
      "'unpaired' is no side of a knee",
      header({ "00180015": "KNEE", "00200062": "U" }),
      "the image says no side",
    ],
  ])("asks where %s", (_says, given, why) => expect(establishSide(given)).toEqual({ kind: "doubt", why }));

  it("never from a description or from what is written in the picture", () => {
    const said = header({ "00180015": "KNEE", "0008103E": "LEFT KNEE AP", "00081030": "XR Knee Left" });
    expect(establishSide(said).kind).toBe("doubt");
  });
});
