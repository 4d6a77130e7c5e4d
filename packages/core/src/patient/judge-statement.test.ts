import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contradictionOf, isSamePersonAsSaid } from "./judge-statement.ts";
import { factsOf, foldStatements, type Says, type Statement } from "./statement.ts";

const name = (family: string, given: string) => ({ family, given, middle: "", prefix: "" });
const ROWAN: Says = { name: name("Alder", "Rowan"), birthDate: "1961-04-03", sex: "F" };
let next = 0;
const said = (says: Says, more: Partial<Statement> = {}): Statement => {
  next += 1;
  return { source: `S${next}`, saidAt: new Date(next * 1000), isUpdate: false, says, ...more };
};
const facts = (says: Says) => factsOf(foldStatements([said(says)]));
const nhs = (number: string) => ({ nhs: { number } });

describe("what was said of a number", () => {
  it("comes to the newest update's word on each field, else to the first word of others", () => {
    const folded = foldStatements([
      said({ sex: "M", birthDate: "1961-04-03" }),
      said({ sex: "F" }),
      said({ name: name("Birch", "Rowan") }, { isUpdate: true }),
      said({ name: name("Alder", "Rowan") }, { isUpdate: true, saidAt: new Date(1) }),
    ]);
    expect(folded).toMatchObject({ sex: "M", birthDate: "1961-04-03", name: { family: "Birch" } });
  });
  it("comes to the same in any order, and however often it was said", () => {
    const one = fc.record({
      source: fc.constantFrom("A 9", "A 10", "B 1", "C 1"),
      saidAt: fc.constantFrom(1, 2, 3).map((second) => new Date(second * 1000)),
      isUpdate: fc.boolean(),
      says: fc.record(
        {
          sex: fc.constantFrom("M", "F", null),
          birthDate: fc.constantFrom("1961-04-03", "1961-04-04", null),
          name: fc.constantFrom(name("Alder", "Rowan"), name("Birch", "Rowan"), null),
        },
        { requiredKeys: [] },
      ),
    });
    const all = fc.uniqueArray(one, { selector: ({ source, saidAt }) => `${source}|${saidAt.getTime()}` });
    fc.assert(
      fc.property(all, fc.integer(), (statements, seed) => {
        const mixed = [...statements, ...statements].sort(
          (a, b) =>
            ((a.saidAt.getTime() * 31 + a.source.length + seed) % 7) -
            ((b.saidAt.getTime() * 31 + b.source.length + seed) % 7),
        );
        expect(foldStatements(mixed)).toEqual(foldStatements(statements));
      }),
    );
  });
});

describe("a local number that is said again", () => {
  it.each<[string, Statement[], Statement, boolean]>([
    ["for the first time", [], said(ROWAN), true],
    ["with a married name", [said(ROWAN)], said({ ...ROWAN, name: name("Birch", "Rowan") }), true],
    [
      "with another name and date",
      [said(ROWAN)],
      said({ name: name("Birch", "Hazel"), birthDate: "1988-08-08" }),
      false,
    ],
    [
      "as it was once, since when name and date have changed one after the other",
      [
        said(ROWAN),
        said({ ...ROWAN, birthDate: "1961-04-04" }),
        said({ name: name("Birch", "Hazel"), birthDate: "1961-04-04" }),
      ],
      said(ROWAN),
      true,
    ],
    [
      "with another NHS number, by a scanner",
      [said({ ...ROWAN, ...nhs("9990000018") })],
      said({ ...ROWAN, ...nhs("9990000026") }),
      false,
    ],
    [
      "with another NHS number, by the admission system",
      [said({ ...ROWAN, ...nhs("9990000018") })],
      said({ ...ROWAN, ...nhs("9990000026") }, { isUpdate: true }),
      true,
    ],
  ])("%s", (_says, known, came, expected) => expect(isSamePersonAsSaid(known, came)).toBe(expected));
});

describe("what speaks against a merge", () => {
  it.each<[string, Says, string | undefined]>([
    ["nothing, where all agrees", ROWAN, undefined],
    ["nothing, where less is known", { name: name("Alder", "Rowan") }, undefined],
    ["nothing in a married name", { ...ROWAN, name: name("Birch", "Rowan") }, undefined],
    ["nothing in a temporary name", { name: name("Unknown", "Female 4") }, undefined],
    ["another date of birth", { ...ROWAN, birthDate: "1961-04-04" }, "birth-date-differs"],
    ["another NHS number", { ...ROWAN, ...nhs("9990000026") }, "nhs-number-differs"],
    ["the other sex", { ...ROWAN, sex: "M" }, "sex-conflicts"],
    ["two other names", { ...ROWAN, name: name("Birch", "Hazel") }, "names-differ"],
  ])("%s", (_says, other, rule) => {
    const known = facts({ ...ROWAN, ...nhs("9990000018") });
    expect(contradictionOf(known, facts(other), false)).toBe(rule);
    expect(contradictionOf(facts(other), known, false)).toBe(rule);
  });
  it("that they are not to be linked", () =>
    expect(contradictionOf(facts(ROWAN), facts(ROWAN), true)).toBe("not-to-be-linked"));
});
