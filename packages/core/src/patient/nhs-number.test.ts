import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nhsNumberOf, spaced } from "./nhs-number.ts";

/** The check digit, worked out another way: the weighted sum of all ten digits is a multiple of eleven. */
const isValid = (digits: string) =>
  [...digits].reduce((sum, digit, index) => sum + Number(digit) * (10 - index), 0) % 11 === 0;

describe("an NHS number", () => {
  it.each([
    ["9434765919", "9434765919"],
    ["943 476 5919", "9434765919"],
    ["943-476-5919", "9434765919"],
    ["9990000018", "9990000018"],
  ])("%s is valid", (text, digits) => expect(nhsNumberOf(text)).toBe(digits));

  it.each([
    ["a wrong check digit", "9434765918"],
    ["a check digit that would be ten, as 0", "9990000000"],
    ["nine digits", "943476591"],
    ["eleven digits", "94347659190"],
    ["letters", "94347659I9"],
    ["nothing", ""],
    ["not stated", undefined],
    ["repeated ones", "1111111111"],
    ["repeated nines", "9999999999"],
    ["zeros", "0000000000"],
    ["a keyboard row", "1234567881"],
    ["a keyboard row from behind", "9876543210"],
  ])("%s is none", (_says, text) => expect(nhsNumberOf(text)).toBeUndefined());

  it("holds exactly where the weighted sum of its ten digits is a multiple of eleven and it is no placeholder", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{10}$/), (digits) => {
        fc.pre(!/^(\d)\1+$/.test(digits) && !["1234567881", "9876543210"].includes(digits));
        expect(nhsNumberOf(digits) !== undefined).toBe(isValid(digits));
      }),
      { numRuns: 5000 },
    );
  });
  it("never survives one changed digit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const digits = [..."9434765919"];
        digits[at] = String((Number(digits[at]) + by) % 10);
        expect(nhsNumberOf(digits.join(""))).toBeUndefined();
      }),
    );
  });
  it("is shown 3-3-4", () => expect(spaced("9434765919")).toBe("943 476 5919"));
});
