import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayFrom, MOST_LINES, parseLines } from "./parse-lines.ts";

const first = (text: string) => parseLines(text, "meeting").lines[0];

describe("lines that were pasted", () => {
  it.each([
    ["tabs", "999 000 0018\t3/4/1961\tResect?\tMr Ashdown\t3/12/2026\t62-day"],
    ["commas", '9990000018,3/4/1961,"Resect?",Mr Ashdown,3/12/2026,62-day'],
    ["semicolons", "9990000018;3/4/1961;Resect?;Mr Ashdown;3/12/2026;62-day"],
  ])("with %s, in the order that the page names", (_name, text) => {
    const { nhsNumber, ...rest } = first(text) ?? { nhsNumber: "" };
    expect(nhsNumber.replaceAll(" ", "")).toBe("9990000018");
    expect(rest).toEqual({
      ...{ line: 1, birthDate: "3/4/1961", surname: "", question: "Resect?" },
      ...{ referrer: "Mr Ashdown", targetDate: "3/12/2026", pathway: "62-day", procedure: "", side: "" },
    });
  });

  it("by the names in a head, whatever their order, counted as a person counts", () => {
    const { lines } = parseLines(
      "Question\tNHS No\tSurname\tDOB\n\nWhy?\t9990000018\tAlder\t3/4/1961",
      "meeting",
    );
    expect(lines).toMatchObject([
      { line: 3, question: "Why?", nhsNumber: "9990000018", surname: "Alder", birthDate: "3/4/1961" },
    ]);
  });

  it("a surname where a date of birth may stand is a surname", () => {
    expect(first("9990000018\tAlder-Shaw\tWhy?")).toMatchObject({ surname: "Alder-Shaw", birthDate: "" });
  });

  it("a quoted cell keeps its commas and lines", () => {
    expect(first('9990000018,3/4/1961,"One, two\nthree"')?.question).toBe("One, two\nthree");
  });

  it("no text breaks it, and none gives more lines than are taken", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (text) => {
        expect(parseLines(text, "meeting").lines.length).toBeLessThanOrEqual(MOST_LINES);
      }),
    );
    const many = parseLines(Array.from({ length: 400 }, () => "9990000018\t3/4/1961").join("\n"), "meeting");
    expect([many.lines.length, many.isCut]).toEqual([MOST_LINES, true]);
  });

  it("takes a theatre list's operation and side, with a head or in its own order", () => {
    const [named] = parseLines(
      "Side;NHS number;Operation;Surname\nLeft;9990000018;TKR;Rowan",
      "theatre",
    ).lines;
    expect(named).toMatchObject({ procedure: "TKR", side: "Left", surname: "Rowan", question: "" });
    const [bare] = parseLines("9990000018\tRowan\tTKR\tleft\tMiss Nair", "theatre").lines;
    expect(bare).toMatchObject({ procedure: "TKR", side: "left", referrer: "Miss Nair", surname: "Rowan" });
  });

  it.each([
    ["3/4/1961", "1961-04-03"],
    ["03-04-1961", "1961-04-03"],
    ["3 April 1961", "1961-04-03"],
    ["3-Apr-1961", "1961-04-03"],
    ["1961-04-03", "1961-04-03"],
    ["1961-04-03T00:00:00.000Z", "1961-04-03"],
    ["31/2/1961", undefined],
    ["3/4/61", undefined],
    ["4/13/1961", undefined],
    ["soon", undefined],
  ])("the date %s", (text, day) => expect(dayFrom(text)).toBe(day));
});
