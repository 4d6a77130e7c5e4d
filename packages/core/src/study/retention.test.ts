import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindsSaid, type RetentionFacts, retentionOf } from "./retention.ts";

const of = (more: Partial<RetentionFacts>): RetentionFacts => ({
  studyDate: "2026-11-02",
  birthDate: "1961-04-03",
  kinds: [],
  isHeld: false,
  ...more,
});

describe("how long a study is kept", () => {
  it.each<{ says: string; facts: Partial<RetentionFacts>; until: string; reason: string }>([
    { says: "an adult's: 8 years", facts: {}, until: "2034-11-02", reason: "adult-8-years" },
    {
      says: "on the 18th birthday: an adult's",
      facts: { birthDate: "2008-11-02" },
      until: "2034-11-02",
      reason: "adult-8-years",
    },
    {
      says: "on the day before it, 17: to the 26th birthday",
      facts: { birthDate: "2008-11-03" },
      until: "2034-11-03",
      reason: "child-26th-birthday",
    },
    {
      says: "on the 17th birthday: to the 26th",
      facts: { birthDate: "2009-11-02" },
      until: "2035-11-02",
      reason: "child-26th-birthday",
    },
    {
      says: "on the day before it, 16: to the 25th",
      facts: { birthDate: "2009-11-03" },
      until: "2034-11-03",
      reason: "child-25th-birthday",
    },
    {
      says: "a newborn's: to the 25th birthday",
      facts: { birthDate: "2026-11-02" },
      until: "2051-11-02",
      reason: "child-25th-birthday",
    },
    {
      says: "nobody knows how old: as a newborn's",
      facts: { birthDate: undefined },
      until: "2051-11-02",
      reason: "birth-date-unknown-25-years",
    },
    {
      says: "born after it was made: unknown",
      facts: { birthDate: "2027-01-01" },
      until: "2051-11-02",
      reason: "birth-date-unknown-25-years",
    },
    {
      says: "cancer: 30 years",
      facts: { kinds: ["cancer"] },
      until: "2056-11-02",
      reason: "cancer-30-years",
    },
    {
      says: "screening: 10 years",
      facts: { kinds: ["screening"] },
      until: "2036-11-02",
      reason: "screening-10-years",
    },
    {
      says: "screening that found cancer: the longer",
      facts: { kinds: ["screening", "cancer"] },
      until: "2056-11-02",
      reason: "cancer-30-years",
    },
    {
      says: "a pregnancy: 25 years",
      facts: { kinds: ["obstetric"] },
      until: "2051-11-02",
      reason: "obstetric-25-years",
    },
    {
      says: "a child's screening: the birthday is later",
      facts: { birthDate: "2020-05-05", kinds: ["screening"] },
      until: "2045-05-05",
      reason: "child-25th-birthday",
    },
    {
      says: "made on 29 February: a day longer, never shorter",
      facts: { studyDate: "2024-02-29", kinds: ["screening"] },
      until: "2034-03-01",
      reason: "screening-10-years",
    },
    {
      says: "born on 29 February, 17",
      facts: { birthDate: "2008-02-29", studyDate: "2026-02-28" },
      until: "2034-03-01",
      reason: "child-26th-birthday",
    },
  ])("$says", ({ facts, until, reason }) =>
    expect(retentionOf(of(facts))).toEqual({ until, reason, isHeld: false }),
  );
  it("a hold stands beside it, whatever the rule says", () =>
    expect(retentionOf(of({ isHeld: true }))).toMatchObject({ isHeld: true, until: "2034-11-02" }));
  it("never less than eight years, and no kind shortens it", () => {
    const days = { noInvalidDate: true, min: new Date("1900-01-01"), max: new Date("2100-01-01") };
    const day = fc.date(days).map((date) => date.toISOString().slice(0, 10));
    const kinds = fc.subarray(["cancer", "screening", "obstetric"] as const);
    fc.assert(
      fc.property(day, fc.option(day, { nil: undefined }), kinds, (studyDate, birthDate, some) => {
        const plain = retentionOf(of({ studyDate, birthDate }));
        const marked = retentionOf(of({ studyDate, birthDate, kinds: some }));
        const eight = `${Number(studyDate.slice(0, 4)) + 8}${studyDate.slice(4)}`;
        return marked.until >= plain.until && plain.until >= eight;
      }),
    );
  });
});

describe("what a study is, by what is said of it", () => {
  it.each([
    [["CT staging lung ca"], ["CT"], ["cancer"]],
    [["Breast screening mammogram"], ["MG"], ["screening"]],
    [["Antenatal dating scan"], ["US"], ["obstetric"]],
    [["Foetal anomaly"], ["US"], ["obstetric"]],
    [["Plan"], ["RTPLAN", "CT"], ["cancer"]],
    [["Chest"], ["PT", "CT"], ["cancer"]],
    [["Chest", "?pneumonia"], ["DX"], []],
    [["Fluoroscopy C-arm screened"], ["XA"], []],
  ])("%j %j is %j", (texts, modalities, kinds) => expect(kindsSaid({ texts, modalities })).toEqual(kinds));
});
