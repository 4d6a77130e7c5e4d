import { describe, expect, it } from "vitest";
import { confirmationOf, judgeStating, STATING_RULES, type Stating } from "./statements.ts";
import type { Bond } from "./unusual.ts";

const AT = new Date("2026-11-02T09:30:00Z");
const hours = (count: number) => new Date(AT.getTime() + count * 3_600_000);
const statement = { personId: "p-1", organisation: "RXC", startsAt: AT };
const bond = (more: Partial<Bond> = {}): Bond => ({
  ...{ personId: "p-2", organisation: "RXC", kind: "admission", isProvisional: false },
  ...{ startsAt: hours(10), endsAt: hours(100) },
  ...more,
});

describe("what confirms a statement", () => {
  it.each(["admission", "clinic", "request", "referral"])(
    "an %s by their trust, of whomever of the team",
    (kind) => expect(confirmationOf(statement, [bond({ kind })], [])).toBe(kind),
  );
  it("a report of their trust within 72 hours", () => {
    expect(confirmationOf(statement, [], [{ custodian: "RXC", reportedAt: hours(70) }])).toBe("report");
    expect(confirmationOf(statement, [], [{ custodian: "RXC", reportedAt: hours(73) }])).toBeUndefined();
    expect(confirmationOf(statement, [], [{ custodian: "RA2", reportedAt: hours(1) }])).toBeUndefined();
  });
  it.each([
    ["another trust's admission", bond({ organisation: "RA2" })],
    ["one that came after 72 hours", bond({ startsAt: hours(73) })],
    ["one that was long over", bond({ startsAt: hours(-90), endsAt: hours(-30) })],
    ["a colleague's own word", bond({ kind: "statement", isProvisional: true })],
    ["broken glass", bond({ kind: "glass" })],
    ["being listed for a meeting", bond({ kind: "mdt" })],
  ])("not %s", (_says, one) => expect(confirmationOf(statement, [one], [])).toBeUndefined());
});

const peers = { peersStated: 200, peersConfirmed: 160 };
/** What the rule catches and what it leaves. */
const CASES: [string, Stating, boolean][] = [
  ["14 stated, 2 confirmed, colleagues 80 %", { stated: 14, confirmed: 2, ...peers }, true],
  ["none of ten", { stated: 10, confirmed: 0, ...peers }, true],
  ["one short of ten says nothing yet", { stated: 9, confirmed: 0, ...peers }, false],
  ["half of what colleagues' share is", { stated: 20, confirmed: 8, ...peers }, false],
  ["as colleagues", { stated: 30, confirmed: 24, ...peers }, false],
  [
    "a trust whose messages confirm little",
    { stated: 14, confirmed: 2, peersStated: 200, peersConfirmed: 40 },
    false,
  ],
  [
    "too few colleagues to be compared with",
    { stated: 14, confirmed: 0, peersStated: 19, peersConfirmed: 19 },
    false,
  ],
];

describe("statements that little confirms", () => {
  it.each(CASES)("%s", (_says, stating, isCaught) =>
    expect(judgeStating(stating)).toEqual(isCaught ? ["unconfirmed-statements"] : []),
  );
  it("are told with their numbers", () =>
    expect(STATING_RULES[0]?.says({ stated: 14, confirmed: 2, ...peers })).toContain(
      "stated 14 times in a month why they look, and 2 were confirmed; of their colleagues' 80 % are",
    ));
});
