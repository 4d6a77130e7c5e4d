import { describe, expect, it } from "vitest";
import type { DicomJson } from "../types.ts";
import { number, numbers, personName, sequence, text, texts } from "./read-values.ts";

const TAG = "00091001";
const dataset = (vr: string, ...Value: NonNullable<DicomJson[string]["Value"]>): DicomJson => ({
  [TAG]: { vr, Value },
});

describe("values of a data set", () => {
  it("text is the first value, numbers written out; nothing is undefined", () => {
    expect(text(dataset("LO", "a", "b"), TAG)).toBe("a");
    expect(text(dataset("IS", 7), TAG)).toBe("7");
    expect(text(dataset("LO", null), TAG)).toBeUndefined();
    expect(text(dataset("LO", ""), TAG)).toBeUndefined();
    expect(text({ [TAG]: { vr: "LO" } }, TAG)).toBeUndefined();
    expect(text({}, TAG)).toBeUndefined();
    expect(texts(dataset("LO", "a", null, 3), TAG)).toEqual(["a", "3"]);
  });

  it("a number may have been written as text; what is none is undefined", () => {
    expect(number(dataset("DS", 1.5), TAG)).toBe(1.5);
    expect(number(dataset("LO", " 12 "), TAG)).toBe(12);
    expect(number(dataset("DS", "1,5"), TAG)).toBeUndefined();
    expect(number(dataset("DS", ""), TAG)).toBeUndefined();
    expect(number(dataset("FD", "NaN"), TAG)).toBeUndefined();
  });

  it("a list of numbers ends at the first that is none, so that positions never shift", () => {
    expect(numbers(dataset("DS", 1, "2", 3), TAG)).toEqual([1, 2, 3]);
    expect(numbers(dataset("DS", 1, "x", 3), TAG)).toEqual([1]);
    expect(numbers(dataset("DS", 1, null, 3), TAG)).toEqual([1]);
    expect(numbers({}, TAG)).toEqual([]);
  });

  it("a person's name has the groups that are there", () => {
    expect(personName(dataset("PN", { Alphabetic: "A^B", Ideographic: "" }), TAG)).toEqual({
      Alphabetic: "A^B",
    });
    expect(personName(dataset("LO", "A^B"), TAG)).toEqual({ Alphabetic: "A^B" });
    expect(personName(dataset("PN", null), TAG)).toBeUndefined();
  });

  it("the items of a sequence, of nothing else", () => {
    expect(sequence(dataset("SQ", { [TAG]: { vr: "LO" } }), TAG)).toHaveLength(1);
    expect(sequence(dataset("PN", { Alphabetic: "A" }), TAG)).toEqual([]);
    expect(sequence({}, TAG)).toEqual([]);
  });
});
