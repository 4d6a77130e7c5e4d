import { describe, expect, it } from "vitest";
import { isInForce, type Referral, stateOf } from "./referral.ts";

const NOW = new Date("2026-11-26T12:00:00Z");
const before = new Date("2026-11-26T11:00:00Z");
const later = new Date("2026-11-27T12:00:00Z");
const referral = (more: Partial<Referral> = {}): Referral => ({
  id: "r",
  personId: "a",
  organisation: "RXC",
  toPersonId: "b",
  toOrganisation: "RPC",
  service: "",
  patientRecordId: "p",
  patientId: "p",
  question: "Operable?",
  urgency: "routine",
  studyId: "s",
  priorIds: [],
  sentAt: before,
  openedAt: undefined,
  reply: undefined,
  repliedAt: undefined,
  withdrawnAt: undefined,
  endsAt: later,
  ...more,
});

describe("what a referral comes to", () => {
  it.each([
    ["waiting", {}, true],
    ["opened", { openedAt: before }, true],
    ["answered", { openedAt: before, repliedAt: before }, true],
    ["answered", { openedAt: before, repliedAt: before, endsAt: before }, false],
    ["withdrawn", { openedAt: before, withdrawnAt: before }, false],
    ["over", { openedAt: before, endsAt: before }, false],
    ["over", { endsAt: NOW }, false],
  ] as const)("%s %j", (state, more, opens) => {
    const found = referral(more);
    expect([stateOf(found, NOW), isInForce(found, NOW)]).toEqual([state, opens]);
  });
});
