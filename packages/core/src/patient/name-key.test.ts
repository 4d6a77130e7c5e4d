import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenKey, nameKey } from "./name-key.ts";

describe("a name for comparison", () => {
  it.each([
    ["O'Brien", "OBRIEN"],
    ["O’Brien", "OBRIEN"],
    ["D`Arcy", "DARCY"],
    ["Smith-Jones", "SMITHJONES"],
    ["van der  Berg", "VANDERBERG"],
    ["Müller", "MULLER"],
    ["Weiß", "WEISS"],
    ["Łukasik", "LUKASIK"],
    ["Søren", "SOREN"],
    ["Ægir", "AEGIR"],
    ["Þór", "THOR"],
    ["İpek", "IPEK"],
    ["Skǽr", "SKAER"],
    ["Nguyễn", "NGUYEN"],
    ["St. John", "STJOHN"],
    ["王小東", "王小東"],
    ["", ""],
  ])("%s → %s", (name, key) => expect(nameKey(name)).toBe(key));

  it.each([
    ["Rowan", "ROWAN"],
    ["Rowan Mary", "ROWAN"],
    [" Rowan^Mary", "ROWAN"],
    ["Anne-Marie Louise", "ANNEMARIE"],
    ["", ""],
  ])("of given names %s the first counts: %s", (given, key) => expect(givenKey(given)).toBe(key));

  it("is its own key, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        expect(nameKey(nameKey(name))).toBe(nameKey(name));
      }),
    );
  });
  it("is the same whatever the case, the spaces and the form of Unicode", () => {
    fc.assert(
      fc.property(fc.constantFrom("O'Brien", "Zoë", "Smith-Jones", "Nguyễn"), (name) => {
        for (const form of [name.toLowerCase(), name.toUpperCase(), ` ${name} `, name.normalize("NFD")])
          expect(nameKey(form)).toBe(nameKey(name));
      }),
    );
  });
});
