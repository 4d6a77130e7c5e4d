import { describe, expect, it } from "vitest";
import { addressKey } from "./address-key.ts";

const at = (firstLine: string, postcode = "GU2 7XX", secondLine = "") =>
  addressKey({ firstLine, secondLine, postcode });

describe("a household", () => {
  it.each([
    ["12 High Street", "12, High St."],
    ["Flat 3, 12a High Street", "3/12A High St"],
    ["Rose Cottage", "ROSE COTTAGE"],
  ])("%s is %s", (one, other) => expect(at(one)).toBe(at(other)));
  it.each([
    ["12 High Street", "14 High Street"],
    ["Flat 3, 12 High Street", "Flat 4, 12 High Street"],
    ["Rose Cottage", "Ivy Cottage"],
  ])("%s is not %s", (one, other) => expect(at(one)).not.toBe(at(other)));
  it("the postcode counts, however it is written", () => {
    expect(at("12 High Street", "gu27xx")).toBe(at("12 High Street"));
    expect(at("12 High Street", "GU2 7XY")).not.toBe(at("12 High Street"));
  });
  it("a number of the second line belongs to it", () =>
    expect(at("The Flats", "GU2 7XX", "7 Mill Lane")).toBe(at("7 Mill Lane")));
  it.each([
    ["no fixed abode", "1 Street", "ZZ99 3VZ"],
    ["no postcode", "12 High Street", ""],
    ["no postcode of this country", "12 High Street", "10115"],
    ["no house", " ", "GU2 7XX"],
  ])("%s is no household", (_why, line, postcode) => expect(at(line, postcode)).toBeUndefined());
  it("holds nothing of the address", () => expect(at("12 High Street")).toMatch(/^[0-9a-f]{32}$/));
});
