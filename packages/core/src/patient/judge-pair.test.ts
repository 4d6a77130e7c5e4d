import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isChosenPerson, isSamePersonInTrust, judgePair, type MatchFacts } from "./judge-pair.ts";
import { isTemporaryName } from "./name-key.ts";
import { matchFactsOf } from "./patient.ts";

/** What a system sent. NHS numbers are of the 999 range kept for tests. */
type Said = {
  nhs?: string | undefined;
  family?: string;
  given?: string;
  born?: string | undefined;
  sex?: string | undefined;
};

const ROWAN: Required<Said> = {
  nhs: "9990000018",
  family: "Alder",
  given: "Rowan",
  born: "1961-04-03",
  sex: "F",
};

const factsOf = (said: Said): MatchFacts => {
  const whole = { ...ROWAN, ...said };
  return matchFactsOf({
    localNumber: "any",
    issuer: undefined,
    nhsNumber: whole.nhs,
    nhsVerified: false,
    family: whole.family,
    given: whole.given,
    middle: "",
    prefix: "",
    ideographic: undefined,
    phonetic: undefined,
    birthDate: whole.born,
    sex: whole.sex,
  });
};

type Pair = { says: string; a?: Said; b: Said; neverLinked?: true; expect: string };

const JOIN = "join";
const DIFFERS = "join, name differs";

/** Clinical page §3. `a` is Rowan Alder, born 3 April 1961, unless it says otherwise. */
const PAIRS: readonly Pair[] = [
  { says: "the same in all", b: {}, expect: JOIN },
  { says: "the number is written with spaces", b: { nhs: "999 000 0018" }, expect: JOIN },
  { says: "the number is written with hyphens", b: { nhs: "999-000-0018" }, expect: JOIN },
  { says: "another case", b: { family: "ALDER", given: "rowan" }, expect: JOIN },
  { says: "a second given name at one trust", b: { given: "Rowan Mary" }, expect: JOIN },
  { says: "sex unknown at one trust", b: { sex: undefined }, expect: JOIN },
  { says: "sex 'other' at one trust is no conflict", b: { sex: "O" }, expect: JOIN },
  { says: "an accent at one trust", a: { family: "Müller" }, b: { family: "Muller" }, expect: JOIN },
  {
    says: "an apostrophe, typographic at one trust",
    a: { family: "O'Brien" },
    b: { family: "O’Brien" },
    expect: JOIN,
  },
  { says: "an apostrophe left out", a: { family: "O'Brien" }, b: { family: "OBRIEN" }, expect: JOIN },
  {
    says: "a hyphen left out",
    a: { family: "Smith-Jones" },
    b: { family: "Smith Jones" },
    expect: JOIN,
  },
  { says: "ß and SS", a: { family: "Weiß" }, b: { family: "WEISS" }, expect: JOIN },
  { says: "Ł and L", a: { family: "Łukasik" }, b: { family: "Lukasik" }, expect: JOIN },
  { says: "composed and decomposed accents", a: { given: "Zoë" }, b: { given: "Zoe\u0308" }, expect: JOIN },
  { says: "a married name", b: { family: "Birch" }, expect: DIFFERS },
  { says: "a double-barrelled name after marriage", b: { family: "Alder-Birch" }, expect: DIFFERS },
  { says: "a short form of the given name", b: { given: "Ro" }, expect: DIFFERS },
  { says: "a misspelt family name", b: { family: "Aldr" }, expect: DIFFERS },
  {
    says: "family and given name swapped at one desk",
    b: { family: "Rowan", given: "Alder" },
    expect: "review: names-differ",
  },
  { says: "no given name at one trust", b: { given: "" }, expect: DIFFERS },
  { says: "both names differ", b: { family: "Birch", given: "Hazel" }, expect: "review: names-differ" },
  {
    says: "no name at all agrees with nothing",
    b: { family: "", given: "" },
    expect: "review: temporary-identity",
  },
  { says: "sex in conflict", b: { sex: "M" }, expect: "review: sex-conflicts" },
  {
    says: "sex in conflict and another family name",
    b: { sex: "M", family: "Birch" },
    expect: "review: sex-conflicts",
  },
  {
    says: "day and month swapped",
    b: { born: "1961-03-04" },
    expect: "review: birth-date-day-month-swapped",
  },
  { says: "the year a digit off", b: { born: "1962-04-03" }, expect: "apart: birth-date-differs" },
  { says: "the day a digit off", b: { born: "1961-04-08" }, expect: "apart: birth-date-differs" },
  { says: "the century off", b: { born: "2061-04-03" }, expect: "apart: birth-date-differs" },
  { says: "no date of birth at one trust", b: { born: undefined }, expect: "review: birth-date-missing" },
  {
    says: "1 January at both, one name differs",
    a: { born: "1961-01-01" },
    b: { born: "1961-01-01", family: "Birch" },
    expect: "review: birth-date-1-january",
  },
  {
    says: "1 January at both, both names agree",
    a: { born: "1961-01-01" },
    b: { born: "1961-01-01" },
    expect: JOIN,
  },
  { says: "1 January at one alone", b: { born: "1961-01-01" }, expect: "apart: birth-date-differs" },
  {
    says: "mother and baby under the mother's number",
    b: { given: "Baby of Rowan", born: "2026-11-01" },
    expect: "apart: birth-date-differs",
  },
  {
    says: "a baby with the mother's number and date",
    b: { given: "Baby Girl", family: "Alder" },
    expect: "review: temporary-identity",
  },
  {
    says: "twins with numbers of their own",
    a: { given: "Ivy", born: "2020-05-05" },
    b: { nhs: "9990000026", given: "Fern", born: "2020-05-05" },
    expect: "apart: nhs-number-differs",
  },
  {
    says: "twins of one given initial under one number by mistake, of two sexes",
    a: { given: "Ash", born: "2020-05-05", sex: "M" },
    b: { given: "Ashleigh", born: "2020-05-05" },
    expect: "review: sex-conflicts",
  },
  { says: "a superseded number", b: { nhs: "9990000034" }, expect: "apart: nhs-number-differs" },
  { says: "no number at one trust", b: { nhs: undefined }, expect: "apart: no-nhs-number" },
  { says: "no number at both", a: { nhs: undefined }, b: { nhs: undefined }, expect: "apart: no-nhs-number" },
  {
    says: "repeated digits, which pass modulus 11",
    a: { nhs: "9999999999" },
    b: { nhs: "9999999999" },
    expect: "apart: no-nhs-number",
  },
  { says: "zeros", a: { nhs: "0000000000" }, b: { nhs: "0000000000" }, expect: "apart: no-nhs-number" },
  {
    says: "a placeholder sequence",
    a: { nhs: "1234567881" },
    b: { nhs: "1234567881" },
    expect: "apart: no-nhs-number",
  },
  {
    says: "equal numbers whose check digit fails",
    a: { nhs: "9990000019" },
    b: { nhs: "9990000019" },
    expect: "apart: no-nhs-number",
  },
  {
    says: "a reused local number, people with numbers of their own",
    b: { nhs: "9990000042", family: "Birch", given: "Hazel", born: "1988-08-08" },
    expect: "apart: nhs-number-differs",
  },
  {
    says: "Unknown Male 47 twice",
    a: { family: "Unknown", given: "Male 47" },
    b: { family: "Unknown", given: "Male 47" },
    expect: "review: temporary-identity",
  },
  {
    says: "Unknown Male at one trust",
    b: { family: "Unknown Male", given: "47" },
    expect: "review: temporary-identity",
  },
  {
    says: "a major-incident name",
    b: { family: "Majax", given: "Bravo 12" },
    expect: "review: temporary-identity",
  },
  {
    says: "a pair not to be linked, the same in all",
    b: {},
    neverLinked: true,
    expect: "apart: not-to-be-linked",
  },
  {
    says: "a pair not to be linked isn't even listed",
    b: { family: "Birch", given: "Hazel" },
    neverLinked: true,
    expect: "apart: not-to-be-linked",
  },
  {
    says: "father and son of one name",
    a: { family: "Oak", given: "John", sex: "M" },
    b: { nhs: "9990000050", family: "Oak", given: "John", sex: "M", born: "1990-04-03" },
    expect: "apart: nhs-number-differs",
  },
];

const verdictOf = ({ a = {}, b, neverLinked }: Pair): string => {
  const judged = judgePair(factsOf(a), factsOf(b), neverLinked === true);
  if (judged.verdict !== "join") return `${judged.verdict}: ${judged.rule}`;
  return judged.nameDiffers ? DIFFERS : JOIN;
};
const mirrored = ({ a = {}, b, ...rest }: Pair): Pair => ({ ...rest, a: b, b: a });

describe("who is who across trusts", () => {
  it("is said for at least 40 pairs, with each verdict", () => {
    expect(PAIRS.length).toBeGreaterThanOrEqual(40);
    const kinds = new Set(PAIRS.map((pair) => pair.expect.split(/[:,]/)[0]));
    expect([...kinds].sort()).toEqual(["apart", "join", "review"]);
  });
  it.each(PAIRS)("$says → $expect", (pair) => expect(verdictOf(pair)).toBe(pair.expect));
  it.each(PAIRS)("$says, seen from the other side, is the same", (pair) =>
    expect(verdictOf(mirrored(pair))).toBe(pair.expect),
  );
});

const someNumber = fc.constantFrom(
  "9990000018",
  "9990000026",
  "9999999999",
  "9990000019",
  "999 000 0018",
  undefined,
);
const someone: fc.Arbitrary<Said> = fc.record({
  nhs: someNumber,
  family: fc.constantFrom("Alder", "ALDER", "Birch", "Unknown", "", "Ålder"),
  given: fc.constantFrom("Rowan", "rowan ann", "Hazel", "Baby of Rowan", ""),
  born: fc.constantFrom("1961-04-03", "1961-03-04", "1961-01-01", "1988-08-08", undefined),
  sex: fc.constantFrom("M", "F", "O", undefined),
});

describe("whatever two systems say", () => {
  it("no join without an equal, valid number and an equal date of birth", () => {
    fc.assert(
      fc.property(someone, someone, fc.boolean(), (one, other, neverLinked) => {
        const [a, b] = [factsOf(one), factsOf(other)];
        if (judgePair(a, b, neverLinked).verdict !== "join") return;
        expect(a.nhsNumber).toBeDefined();
        expect(a.nhsNumber).toBe(b.nhsNumber);
        expect(a.nhsNumber).not.toMatch(/^(\d)\1+$/);
        expect(a.birthDate).toBeDefined();
        expect(a.birthDate).toBe(b.birthDate);
      }),
      { numRuns: 5000 },
    );
  });
  it("no join of a pair not to be linked, of a temporary identity, or against sex", () => {
    fc.assert(
      fc.property(someone, someone, fc.boolean(), (one, other, neverLinked) => {
        const [a, b] = [factsOf(one), factsOf(other)];
        if (judgePair(a, b, neverLinked).verdict !== "join") return;
        expect(neverLinked).toBe(false);
        expect([a, b].some(({ isTemporary }) => isTemporary)).toBe(false);
        expect([a.sex, b.sex].sort()).not.toEqual(["F", "M"]);
        const isAgreed = (x: string, y: string) => x !== "" && x === y;
        expect(isAgreed(a.familyKey, b.familyKey) || isAgreed(a.givenKey, b.givenKey)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
  it("the order in which the two came makes no difference", () => {
    fc.assert(
      fc.property(someone, someone, fc.boolean(), (one, other, neverLinked) => {
        const [a, b] = [factsOf(one), factsOf(other)];
        expect(judgePair(a, b, neverLinked)).toEqual(judgePair(b, a, neverLinked));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a local number that comes again in its own trust", () => {
  const cases: readonly { says: string; again: Said; isSame: boolean }[] = [
    { says: "the same person", again: {}, isSame: true },
    { says: "a married name, the same date of birth", again: { family: "Birch" }, isSame: true },
    { says: "a corrected date of birth, the same name", again: { born: "1961-04-05" }, isSame: true },
    {
      says: "another name and another date of birth",
      again: { family: "Birch", given: "Hazel", born: "1988-08-08" },
      isSame: false,
    },
    { says: "the same name and date, another NHS number", again: { nhs: "9990000026" }, isSame: false },
    { says: "a number that came without NHS number", again: { nhs: undefined }, isSame: true },
  ];
  it.each(cases)("$says: same person $isSame", ({ again, isSame }) => {
    const known = factsOf({});
    expect(isSamePersonInTrust(known, factsOf(again))).toBe(isSame);
  });
});

describe("an outside disc and the patient who was chosen for it", () => {
  const cases: readonly { says: string; disc: Said; isSame: boolean }[] = [
    { says: "name, date of birth and number agree", disc: {}, isSame: true },
    { says: "the disc has no NHS number", disc: { nhs: undefined }, isSame: true },
    { says: "another NHS number", disc: { nhs: "9990000026" }, isSame: false },
    { says: "another date of birth", disc: { born: "1961-04-04" }, isSame: false },
    { says: "no date of birth", disc: { born: undefined }, isSame: false },
    { says: "another given name", disc: { given: "Hazel" }, isSame: false },
    { says: "another sex", disc: { sex: "M" }, isSame: false },
  ];
  it.each(cases)("$says: $isSame", ({ disc, isSame }) =>
    expect(isChosenPerson(factsOf({}), factsOf(disc))).toBe(isSame),
  );
});

describe("a name that says nothing", () => {
  it.each([
    ["Unknown", "Male 47"],
    ["UNKNOWN MALE", "47"],
    ["Unidentified", ""],
    ["Alder", "Baby of Rowan"],
    ["Alder", "Baby"],
    ["Alder", "Twin 2 of"],
    ["Baby Boy", "Alder"],
    ["John Doe", ""],
    ["Doe", "John"],
    ["ZZZ", "Test"],
    ["", ""],
    // Somebody is called so; being listed for a person costs them less than being joined to a newborn.
    ["Baby", "Ruth"],
  ])("%s, %s is temporary", (family, given) => expect(isTemporaryName(family, given)).toBe(true));
  it.each([
    ["Babington", "Rowan"],
    ["Traumann", "Otto"],
    ["Doering", "Jane"],
    ["Unknownsson", "Erik"],
  ])("%s, %s is a person", (family, given) => expect(isTemporaryName(family, given)).toBe(false));
});
