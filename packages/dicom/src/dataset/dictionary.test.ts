import { describe, expect, it } from "vitest";
import { isPrivateTag, keywordOf, tagOf, vrOf } from "./dictionary.ts";
import { ENTRIES } from "./dictionary-entries.ts";
import { entriesOfDcmjs } from "./entries-of-dcmjs.ts";

describe("the dictionary", () => {
  it("is dcmjs's copy of PS3.6: make-dictionary.ts makes it anew", () => {
    expect(ENTRIES.split("\n")).toEqual(entriesOfDcmjs().split("\n"));
  });

  it.each([
    ["00100010", "PN"],
    ["00280106", "US"],
    ["7FE00001", "OV"],
    ["7FE00010", "OW"],
    ["00280010", "US"],
    ["60023000", "OW"],
    ["50120010", "US"],
    ["00090010", "LO"],
    ["00091001", "UN"],
    ["00080000", "UL"],
    ["00081140", "SQ"],
    ["12340011", "UN"],
  ])("%s is %s", (tag, vr) => {
    expect(vrOf(tag)).toBe(vr);
  });

  it("every VR that it gives is one of the standard's", () => {
    const known =
      /^(AE|AS|AT|CS|DA|DS|DT|FD|FL|IS|LO|LT|OB|OD|OF|OL|OV|OW|PN|SH|SL|SQ|SS|ST|SV|TM|UC|UI|UL|UN|UR|US|UT|UV)$/;
    for (let group = 0; group <= 0x7f; group += 2)
      for (let element = 0; element <= 0x0fff; element += 1) {
        const tag = ((group * 65_536 + element) >>> 0).toString(16).padStart(8, "0").toUpperCase();
        expect(vrOf(tag)).toMatch(known);
      }
  });

  it("keywords and tags lead to each other", () => {
    expect(tagOf("StudyInstanceUID")).toBe("0020000D");
    expect(keywordOf("0020000D")).toBe("StudyInstanceUID");
    expect(keywordOf("00091001")).toBeUndefined();
    expect(() => tagOf("NoSuchKeyword")).toThrow(RangeError);
  });

  it("odd groups are private", () => {
    expect(isPrivateTag("00091001")).toBe(true);
    expect(isPrivateTag("00081001")).toBe(false);
  });
});
