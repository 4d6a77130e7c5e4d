import type { DicomJson } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { seriesAttributesOf, slicePositionOf, studyAttributesOf, wholeNumber } from "./attributes-of.ts";
import { identityOf } from "./identity-of.ts";

const one = (tag: string, vr: string, ...Value: (string | number)[]): DicomJson => ({ [tag]: { vr, Value } });
const patient = (more: DicomJson): DicomJson => ({
  ...one("00100020", "LO", "RXC-1001"),
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Alder ^Rowan^Mary^Dr" }] },
  ...more,
});
const otherIds = (...items: DicomJson[]): DicomJson => ({ "00101002": { vr: "SQ", Value: items } });

describe("who an object says its patient is", () => {
  it("is nobody without a Patient ID", () => expect(identityOf({})).toBeUndefined());
  it("has a name in its parts", () =>
    expect(identityOf(patient({}))).toMatchObject({
      family: "Alder",
      given: "Rowan",
      middle: "Mary",
      prefix: "Dr",
      localNumber: "RXC-1001",
      nhsVerified: false,
    }));
  it.each([
    ["19610403", "1961-04-03"],
    ["1961.04.03", "1961-04-03"],
    ["19610230", undefined],
    ["1961", undefined],
    ["00000000", undefined],
    ["", undefined],
  ])("born %s → %s: a date that no calendar has is no date of birth", (text, iso) =>
    expect(identityOf(patient(one("00100030", "DA", text)))?.birthDate).toBe(iso),
  );
  const nhs = { ...one("00100020", "LO", "9990000018") };
  it.each([
    ["by its issuer's name", { ...nhs, ...one("00100021", "LO", "NHS") }, "9990000018"],
    ["by its OID", { ...nhs, ...one("00100021", "LO", "2.16.840.1.113883.2.1.4.1") }, "9990000018"],
    ["not a number that another issued", { ...nhs, ...one("00100021", "LO", "RA2") }, undefined],
  ])("the NHS number comes from Other Patient IDs, %s", (_says, item, number) =>
    expect(identityOf(patient(otherIds(item)))?.nhsNumber).toBe(number),
  );
  it("a Patient ID is an NHS number only where NHS issued it", () => {
    expect(identityOf(patient({ ...nhs, ...one("00100021", "LO", "NHS") }))?.nhsNumber).toBe("9990000018");
    expect(identityOf(patient(nhs))?.nhsNumber).toBeUndefined();
  });
});

describe("what a study and a series say of themselves", () => {
  it("a study's instant is of its trust's clock, its date as it was typed", () => {
    const dataset = { ...one("00080020", "DA", "20260715"), ...one("00080030", "TM", "003000") };
    const study = studyAttributesOf(dataset, "1.2");
    expect(study.studiedAt?.toISOString()).toBe("2026-07-14T23:30:00.000Z");
    expect(study.studyDate).toBe("2026-07-15");
  });
  it("the source's count is the series' own before the acquisition's", () => {
    const both = { ...one("00201209", "IS", 300), ...one("00201002", "IS", 10) };
    expect(seriesAttributesOf(both, "1").expectedCount).toBe(300);
    expect(seriesAttributesOf(one("00201002", "IS", 10), "1").expectedSource).toMatch(
      /images in acquisition/,
    );
    expect(seriesAttributesOf(one("00201209", "IS", 0), "1").expectedCount).toBeUndefined();
  });
  it("the image's side comes before the series'", () => {
    const both = { ...one("00200062", "CS", "R"), ...one("00200060", "CS", "L") };
    expect(seriesAttributesOf(both, "1").laterality).toBe("R");
  });
  it.each([
    [7, 7],
    ["7", 7],
    [-3, -3],
    [1.5, undefined],
    [99_999_999_999, undefined],
    ["x", undefined],
  ])("an integer string of %s is %s: the index holds whole numbers of 32 bits", (value, whole) =>
    expect(wholeNumber(one("00200013", "IS", value), "00200013")).toBe(whole),
  );
});

describe("where a slice lies", () => {
  const slice = (position: number[], orientation: number[]): DicomJson => ({
    ...one("00200032", "DS", ...position),
    ...one("00200037", "DS", ...orientation),
  });
  it.each([
    ["axial, by z", [10, 20, -41.25], [1, 0, 0, 0, 1, 0], -41.25],
    ["sagittal, by x", [12.5, 20, 30], [0, 1, 0, 0, 0, -1], -12.5],
    ["coronal, by y", [10, 33, 30], [1, 0, 0, 0, 0, -1], 33],
  ])("is counted along its normal: %s", (_says, position, orientation, at) =>
    expect(slicePositionOf(slice(position, orientation))).toBe(at),
  );
  it("is unknown without position or orientation", () => {
    expect(slicePositionOf(one("00200032", "DS", 1, 2, 3))).toBeUndefined();
    expect(slicePositionOf(one("00200037", "DS", 1, 0, 0, 0, 1, 0))).toBeUndefined();
    expect(slicePositionOf(slice([1, 2], [1, 0, 0, 0, 1, 0]))).toBeUndefined();
  });
});
