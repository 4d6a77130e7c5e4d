import type { DicomJson } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { comparePixels, differencesOf } from "./compare-copies.ts";

const header = (more: DicomJson = {}): DicomJson => ({
  "00080060": { vr: "CS", Value: ["DX"] },
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Alder^Rowan" }] },
  "00200013": { vr: "IS", Value: [1] },
  ...more,
});
const differ = (here: DicomJson, came: DicomJson, isSameObject = true) =>
  differencesOf(here, came, { isSameObject }).map(({ keyword, here: a, came: b }) => [keyword, a, b]);

describe("the differences of two objects", () => {
  it("none between equal headers", () => expect(differ(header(), header())).toEqual([]));

  it("put identity, side, study and series first, then the rest by tag", () => {
    const came = header({
      "00080070": { vr: "LO", Value: ["Maker"] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Birch^Linden" }] },
      "00200062": { vr: "CS", Value: ["R"] },
    });
    expect(differ(header(), came)).toEqual([
      ["PatientName", "Alder^Rowan", "Birch^Linden"],
      ["ImageLaterality", undefined, "R"],
      ["Manufacturer", undefined, "Maker"],
    ]);
  });

  it("name a private attribute by its tag, and say an empty one is empty", () => {
    const came = header({ "00091001": { vr: "LO", Value: ["x"] }, "00081010": { vr: "SH" } });
    expect(differ(header(), came)).toEqual([
      ["StationName", undefined, "(empty)"],
      ["(0009,1001)", undefined, "x"],
    ]);
  });

  it("are of the study alone between two different objects of it", () => {
    const came = header({
      "00200013": { vr: "IS", Value: [2] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Birch^Linden" }] },
    });
    expect(differ(header(), came, false)).toEqual([["PatientName", "Alder^Rowan", "Birch^Linden"]]);
  });

  it("don't count a long value that only lies elsewhere in its file", () => {
    const palette = (BulkDataURI: string) => header({ "00281201": { vr: "OW", BulkDataURI } });
    expect(differ(palette("100:512"), palette("164:512"))).toEqual([]);
    expect(differ(palette("100:512"), palette("100:256"))).toEqual([
      ["RedPaletteColorLookupTableData", "a long value, 512 bytes", "a long value, 256 bytes"],
    ]);
  });

  it("cut a text that is too long to compare by eye", () => {
    const came = header({ "00104000": { vr: "LT", Value: ["x".repeat(900)] } });
    expect(differencesOf(header(), came, { isSameObject: true })[0]?.came).toHaveLength(202);
  });
});

describe("pixels", () => {
  const of = (pixelSha256: string | undefined, transferSyntaxUid = "1.2.840.10008.1.2.1") => ({
    pixelSha256,
    transferSyntaxUid,
  });
  it.each([
    [of("a"), of("a"), "same"],
    [of("a"), of("b"), "differ"],
    [of("a"), of(undefined), "differ"],
    [of("a"), of("a", "1.2.840.10008.1.2.5"), "other-encoding"],
    [of(undefined), of(undefined, "1.2.840.10008.1.2"), "none"],
  ] as const)("%o and %o: %s", (here, came, expected) => expect(comparePixels(here, came)).toBe(expected));
});
