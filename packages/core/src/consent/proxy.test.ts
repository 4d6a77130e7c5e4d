import { describe, expect, it } from "vitest";
import { asksAgain } from "./contact.ts";
import { judgeProxy, type ProxyFacts } from "./proxy.ts";

const NOW = new Date("2026-11-26T10:00:00Z");
const facts = (more: Partial<ProxyFacts>): ProxyFacts => ({
  birthDate: "2016-06-01",
  reviewAge: 13,
  reviewedFor: undefined,
  suspendedFor: undefined,
  toldFor: undefined,
  ...more,
});

describe("a proxy's access as the patient grows up", () => {
  it.each<[string, Partial<ProxyFacts>, object]>([
    ["ten years old", {}, { do: "nothing" }],
    ["thirteen in 30 days: both are told", { birthDate: "2013-12-26" }, { do: "tell", age: 13 }],
    ["thirteen in 31 days", { birthDate: "2013-12-27" }, { do: "nothing" }],
    ["told already", { birthDate: "2013-12-20", toldFor: 13 }, { do: "nothing" }],
    ["thirteen today", { birthDate: "2013-11-26" }, { do: "suspend", age: 13 }],
    ["thirteen, suspended already", { birthDate: "2013-11-26", suspendedFor: 13 }, { do: "nothing" }],
    ["thirteen, reviewed", { birthDate: "2013-11-26", reviewedFor: 13, suspendedFor: 13 }, { do: "nothing" }],
    [
      "sixteen in a week, reviewed at thirteen",
      { birthDate: "2010-12-03", reviewedFor: 13 },
      { do: "tell", age: 16 },
    ],
    ["sixteen", { birthDate: "2010-11-26", reviewedFor: 13, suspendedFor: 13 }, { do: "suspend", age: 16 }],
    ["a trust that looks at eleven", { birthDate: "2015-11-01", reviewAge: 11 }, { do: "suspend", age: 11 }],
    [
      "an adult whose proxy was seen as such",
      { birthDate: "1950-01-01", reviewedFor: 16 },
      { do: "nothing" },
    ],
    ["born on a leap day", { birthDate: "2012-02-29", reviewAge: 13, reviewedFor: 13 }, { do: "nothing" }],
    ["nobody knows when born", { birthDate: undefined }, { do: "nothing" }],
  ])("%s", (_says, more, expected) => expect(judgeProxy(facts(more), NOW)).toEqual(expected));
});

describe("a contact is read back again", () => {
  const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
  const old = ago(30 * 1440);
  it.each([
    ["never read back", { addedAt: old, readBackAt: undefined }, "their-own", true],
    ["old and their own", { addedAt: old, readBackAt: old }, "their-own", false],
    ["shared with another patient", { addedAt: old, readBackAt: old }, "shared", true],
    ["shared, and read back just now", { addedAt: old, readBackAt: ago(5) }, "shared", false],
    ["changed yesterday", { addedAt: ago(1440), readBackAt: ago(1440) }, "their-own", true],
    ["written down just now", { addedAt: ago(1), readBackAt: ago(1) }, "their-own", false],
  ] as const)("%s", (_says, contact, shared, expected) =>
    expect(asksAgain(contact, shared, NOW)).toBe(expected),
  );
});
