import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DicomError } from "../errors.ts";
import type { Test } from "./match.ts";
import { type Pairs, parseQuery } from "./parse-query.ts";
import { queryRefusalCodes } from "./query-errors.ts";
import { keywordsOf, type QueryLevel, REQUIRED_KEYS } from "./query-levels.ts";

const testOf = (name: string, value: string, level: QueryLevel = "instance"): Test | undefined =>
  parseQuery([[name, value]], level).matches[0]?.test;
const refusalOf = (pairs: Pairs, level: QueryLevel = "study"): { code: string; message: string } => {
  try {
    parseQuery(pairs, level);
  } catch (error) {
    if (error instanceof DicomError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: "none", message: "" };
};

describe("what a query asks", () => {
  it.each(Object.entries(REQUIRED_KEYS).flatMap(([, keys]) => keys.map((key) => [key])))(
    "%s is told by keyword, by tag and in small letters",
    (key) => {
      const path = key.split(".");
      const value = /^(00080020|00400244)$/.test(key)
        ? "20261101"
        : /^(00080030|00400245)$/.test(key)
          ? "09"
          : "1";
      const spelled = [key, key.toLowerCase(), keywordsOf(path)].map(
        (name) => parseQuery([[name, value]], "instance").matches,
      );
      expect(spelled[0]?.[0]?.path).toEqual(path);
      expect(spelled[1]).toEqual(spelled[0]);
      expect(spelled[2]).toEqual(spelled[0]);
    },
  );

  it.each<[string, string, string, Test]>([
    [
      "a list of UIDs by comma and backslash",
      "StudyInstanceUID",
      "1.2,1.3\\1.4",
      { kind: "any", values: ["1.2", "1.3", "1.4"] },
    ],
    [
      "text as it stands, commas too",
      "StudyDescription",
      "Knee, left",
      { kind: "any", values: ["Knee, left"] },
    ],
    ["a wildcard", "AccessionNumber", "W*", { kind: "like", pattern: "W*" }],
    ["codes", "ModalitiesInStudy", "CT\\MR", { kind: "any", values: ["CT", "MR"] }],
    ["a number", "InstanceNumber", "007", { kind: "number", value: 7 }],
    ["a name", "PatientName", "Alder^Rowan^^", { kind: "name", groups: ["Alder^Rowan"] }],
    [
      "a name in three groups",
      "PatientName",
      "Yamada=山田=やまだ",
      { kind: "name", groups: ["Yamada", "山田", "やまだ"] },
    ],
    ["one day", "StudyDate", "20261101", { kind: "date", range: { from: "20261101", to: "20261101" } }],
    [
      "one day with dots",
      "StudyDate",
      "2026.11.01",
      { kind: "date", range: { from: "20261101", to: "20261101" } },
    ],
    ["days", "StudyDate", "20261101-20261103", { kind: "date", range: { from: "20261101", to: "20261103" } }],
    ["until a day", "StudyDate", "-20261103", { kind: "date", range: { to: "20261103" } }],
    ["an hour", "StudyTime", "09", { kind: "time", range: { from: "090000.000000", to: "095959.999999" } }],
    ["from a minute", "StudyTime", "0930-", { kind: "time", range: { from: "093000.000000" } }],
    [
      "moments with offsets",
      "AcquisitionDateTime",
      "20261101-0100-20261102+0000",
      { kind: "moment", range: { from: "20261101000000.000000-0100", to: "20261102235959.999999+0000" } },
    ],
    [
      "a moment whose plus came as a space",
      "AcquisitionDateTime",
      "20261101093000 0000",
      { kind: "moment", range: { from: "20261101093000.000000+0000", to: "20261101093000.999999+0000" } },
    ],
  ])("reads %s", (_says, name, value, expected) => expect(testOf(name, value)).toEqual(expected));

  it.each(["", "*", "**", '""'])("%s matches everything, and the attribute is returned", (value) => {
    const query = parseQuery([["StationName", value]], "series");
    expect(query.matches).toEqual([]);
    expect(query.include).toEqual(["00081010"]);
  });

  it("includefield in every spelling, once each; of a path its sequence", () => {
    const { include } = parseQuery(
      [
        ["includefield", "StudyDescription,00080060"],
        ["includefield", "00081030"],
        ["IncludeField", "RequestAttributesSequence.00400009"],
      ],
      "series",
    );
    expect(include).toEqual(["00081030", "00080060", "00400275"]);
    expect(parseQuery([["includefield", "StudyDate,all"]], "study").include).toBe("all");
  });

  it("a range of dates with a range of times is one range of moments; open at other ends it is two", () => {
    const joined = parseQuery(
      [
        ["StudyDate", "20261101-20261102"],
        ["StudyTime", "22-02"],
      ],
      "study",
    );
    expect(joined.moments).toEqual([
      {
        date: "00080020",
        time: "00080030",
        level: "study",
        range: { from: "20261101220000.000000", to: "20261102025959.999999" },
      },
    ]);
    expect(joined.matches.map(({ path }) => path[0])).toEqual(["00080020"]);
    const apart = parseQuery(
      [
        ["StudyDate", "20261101-"],
        ["StudyTime", "22-23"],
      ],
      "study",
    );
    expect(apart.moments).toEqual([]);
    expect(apart.matches).toHaveLength(2);
  });

  it("fuzzy: words of a name, a star only where one ends", () => {
    const { matches } = parseQuery(
      [
        ["PatientName", "M*ller*^Juniper, Ann*"],
        ["fuzzymatching", "true"],
      ],
      "study",
    );
    expect(matches[0]?.test).toEqual({ kind: "words", words: ["Mller*", "Juniper", "Ann*"] });
  });
});

describe("what can't be understood is refused, by the parameter's name and never its value", () => {
  it.each<[string, Pairs, string, string]>([
    ["an unknown name", [["PatientsName", "Alder"]], "QUERY_PARAMETER_UNKNOWN", "PatientsName"],
    ["a name of the language", [["constructor", "x"]], "QUERY_PARAMETER_UNKNOWN", "constructor"],
    ["an unknown tag", [["00100011", "Alder"]], "QUERY_PARAMETER_UNKNOWN", "00100011"],
    ["an unknown includefield", [["includefield", "Nonsense"]], "QUERY_PARAMETER_UNKNOWN", "Nonsense"],
    [
      "a path through what is no sequence",
      [["PatientID.PatientName", "Alder"]],
      "QUERY_PARAMETER_UNKNOWN",
      "PatientID.PatientName",
    ],
    [
      "a key twice",
      [
        ["PatientID", "Alder"],
        ["00100020", "B"],
      ],
      "QUERY_PARAMETER_TWICE",
      "PatientID",
    ],
    [
      "limit twice",
      [
        ["limit", "1"],
        ["limit", "2"],
      ],
      "QUERY_PARAMETER_TWICE",
      "limit",
    ],
    ["a limit below nothing", [["limit", "-1"]], "QUERY_VALUE_INVALID", "limit"],
    ["fuzzy maybe", [["fuzzymatching", "maybe"]], "QUERY_VALUE_INVALID", "fuzzymatching"],
    ["no date", [["StudyDate", "Alder"]], "QUERY_VALUE_INVALID", "StudyDate"],
    ["a day that no calendar has", [["StudyDate", "20260230"]], "QUERY_VALUE_INVALID", "StudyDate"],
    ["an hour that no clock has", [["StudyTime", "24"]], "QUERY_VALUE_INVALID", "StudyTime"],
    ["a series' key of studies", [["Modality", "CT"]], "QUERY_LEVEL", "ModalitiesInStudy"],
    ["an instance's key of studies", [["Rows", "4"]], "QUERY_LEVEL", "Rows"],
    [
      "a count",
      [["NumberOfStudyRelatedInstances", "4"]],
      "QUERY_NOT_MATCHED",
      "NumberOfStudyRelatedInstances",
    ],
    [
      "a whole sequence",
      [["RequestAttributesSequence", "Alder"]],
      "QUERY_LEVEL",
      "RequestAttributesSequence",
    ],
    ["an offset beyond 10,000", [["offset", "10001"]], "QUERY_OFFSET_TOO_LARGE", "Narrow"],
    [
      "too many parameters",
      Array.from({ length: 65 }, () => ["StudyInstanceUID", "1"] as const),
      "QUERY_TOO_LONG",
      "64",
    ],
    ["too many UIDs", [["StudyInstanceUID", Array(1001).fill("1").join(",")]], "QUERY_TOO_LONG", "1,000"],
  ])("%s", (_says, pairs, code, named) => {
    const refused = refusalOf(pairs);
    expect(refused.code).toBe(code);
    expect(refused.message).toContain(named);
    expect(refused.message).not.toContain("Alder");
    expect(queryRefusalCodes).toContain(code);
  });

  it("offset 10,000 is let be", () => expect(parseQuery([["offset", "10000"]], "study").offset).toBe(10_000));

  it("whatever comes is read or refused with a code, in no time", () => {
    const name = fc.oneof(
      fc.constantFrom(
        "PatientName",
        "StudyDate",
        "StudyTime",
        "0020000D",
        "AcquisitionDateTime",
        "limit",
        "offset",
        "includefield",
        "Rows",
        "fuzzymatching",
      ),
      fc.string(),
    );
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom("0", "1", "9", "-", "*", "?", "^", "=", "\\", ",", ".", "+", "%") }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, value), { maxLength: 6 }),
        fc.constantFrom<QueryLevel>("study", "series", "instance"),
        (pairs, level) => {
          const { code } = refusalOf(pairs, level);
          expect(["none", ...queryRefusalCodes]).toContain(code);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
