import { describe, expect, it } from "vitest";
import { type Bond, DELAYS, type Facts, judgeLook, type Look, patientsInHour, RULES } from "./unusual.ts";

const AT = new Date("2026-11-02T09:30:00Z");
const hours = (count: number) => new Date(AT.getTime() + count * 3_600_000);
const look = (more: Partial<Look> = {}): Look => ({
  eventId: "e",
  at: AT,
  personId: "p-1",
  role: "clinician",
  organisation: "RXC",
  purpose: "direct-care",
  patientId: "patient",
  custodian: "RXC",
  ...more,
});
const bond = (more: Partial<Bond> = {}): Bond => ({
  personId: "p-1",
  organisation: "RXC",
  kind: "admission",
  startsAt: hours(-48),
  endsAt: hours(48),
  isProvisional: false,
  ...more,
});
const statement = bond({ kind: "statement", startsAt: AT, endsAt: hours(24), isProvisional: true });
const facts = (more: Partial<Facts> = {}): Facts => ({
  isOwnRecord: false,
  personFamily: "OKAFOR",
  patientFamilies: ["ALDER"],
  namesakes: 5000,
  isSameHousehold: false,
  marks: [],
  bonds: [bond()],
  patientsInHour: 1,
  ...more,
});
const judged = (of: Look, known: Facts) => DELAYS.flatMap((after) => judgeLook(of, known, after));

type Case = { rule: string; says: string; look?: Partial<Look>; facts: Partial<Facts>; isCaught: boolean };
const caught = (rule: string, says: string, known: Partial<Facts>, more: Partial<Look> = {}): Case => ({
  rule,
  says,
  look: more,
  facts: known,
  isCaught: true,
});
const left = (rule: string, says: string, known: Partial<Facts>, more: Partial<Look> = {}): Case => ({
  rule,
  says,
  look: more,
  facts: known,
  isCaught: false,
});
const kin = { personFamily: "ALDER" };
const byTeam = bond({ personId: "p-2", startsAt: hours(70) });

/** What each rule catches and what it leaves. */
const CASES: Case[] = [
  caught("own-record", "their own record, whatever ties them to it", { isOwnRecord: true }),
  left("own-record", "anybody else's", {}),
  caught("same-surname", "a namesake to whom nothing ties them", { ...kin, bonds: [] }),
  caught("same-surname", "a namesake of a rare name, though the relationship is recorded", {
    ...kin,
    namesakes: 7,
  }),
  left("same-surname", "a namesake of a common name whom they treat", kin),
  left("same-surname", "a namesake of a common name who was admitted to their trust", {
    ...kin,
    bonds: [statement, byTeam],
  }),
  left("same-surname", "a name that nobody knows of them", {
    personFamily: undefined,
    patientFamilies: [],
    bonds: [statement, byTeam],
  }),
  left("same-surname", "a namesake on a reporter's list", { ...kin, namesakes: 7 }, { purpose: "reporting" }),
  caught("same-address", "somebody of their household, whatever ties them", { isSameHousehold: true }),
  caught(
    "same-address",
    "somebody of their household on a reporter's list",
    { isSameHousehold: true },
    { purpose: "reporting" },
  ),
  left("same-address", "themselves, which is another rule's", { isSameHousehold: true, isOwnRecord: true }),
  left("same-address", "somebody who lives elsewhere, or nobody knows where", {}),
  caught("colleague", "a colleague of their own trust without a relationship", {
    marks: [{ custodian: "RXC", mark: "staff" }],
    bonds: [statement],
  }),
  left("colleague", "a colleague whom they treat", { marks: [{ custodian: "RXC", mark: "staff" }] }),
  left("colleague", "somebody who works in another trust", {
    marks: [{ custodian: "RTK", mark: "staff" }],
    bonds: [byTeam],
  }),
  caught("vip", "a public figure without a relationship, whichever trust marked them", {
    marks: [{ custodian: "RTK", mark: "vip" }],
    bonds: [byTeam],
  }),
  left("vip", "a public figure whom they treat", { marks: [{ custodian: "RXC", mark: "vip" }] }),
  caught("no-relationship", "their own word alone, 72 hours later", { bonds: [statement] }),
  caught("no-relationship", "nothing at all", { bonds: [] }),
  caught("no-relationship", "a relationship that ended long before", {
    bonds: [bond({ endsAt: hours(-30), startsAt: hours(-90) })],
  }),
  caught("no-relationship", "an admission to another trust", {
    bonds: [statement, bond({ personId: "p-2", organisation: "RTK" })],
  }),
  left("no-relationship", "broken glass, which is reviewed in its own queue", {
    bonds: [bond({ kind: "glass" })],
  }),
  caught("no-relationship", "their own word, and somebody else's broken glass", {
    bonds: [statement, bond({ kind: "glass", personId: "p-2" })],
  }),
  left("no-relationship", "a word that an admission to their trust bears out within 72 hours", {
    bonds: [statement, byTeam],
  }),
  left("no-relationship", "a relationship that began the day after", {
    bonds: [bond({ startsAt: hours(20) })],
  }),
  left(
    "no-relationship",
    "a reporter, who reads what is to be reported",
    { bonds: [] },
    { purpose: "reporting" },
  ),
  caught("many-patients", "one patient more than a ward has", { patientsInHour: 26 }),
  caught(
    "many-patients",
    "one more than a reporter's hour",
    { patientsInHour: 61 },
    { purpose: "reporting" },
  ),
  left("many-patients", "the next one in the same hour: it was flagged already", { patientsInHour: 27 }),
  left("many-patients", "a full hour of a reporter", { patientsInHour: 60 }, { purpose: "reporting" }),
];

describe("each rule of unusual access", () => {
  it.each(CASES)("$rule: $says ($isCaught)", ({ rule, look: of, facts: known, isCaught }) => {
    expect(judged(look(of), facts(known)).includes(rule)).toBe(isCaught);
  });
  it("has a case that it catches and one that it leaves, and says what it is judged by", () => {
    for (const { code, source, says } of RULES) {
      const mine = CASES.filter(({ rule }) => rule === code).map(({ isCaught }) => isCaught);
      expect([code, new Set(mine)]).toEqual([code, new Set([true, false])]);
      expect([source.length, says.length].every((length) => length > 10)).toBe(true);
    }
  });
  it("an ordinary look is none of them", () => expect(judged(look(), facts())).toEqual([]));
});

describe("patients in an hour", () => {
  it("counts different ones, each once, and forgets them after an hour", () => {
    const at = (minute: number) => new Date(AT.getTime() + minute * 60_000);
    const looks = [
      look({ eventId: "a", patientId: "1", at: at(0) }),
      look({ eventId: "b", patientId: "2", at: at(10) }),
      look({ eventId: "c", patientId: "1", at: at(20) }),
      look({ eventId: "d", patientId: "3", at: at(65) }),
      look({ eventId: "e", patientId: "9", at: at(5), personId: "another" }),
    ];
    expect(Object.fromEntries(patientsInHour(looks))).toEqual({ a: 1, b: 2, c: 0, d: 3, e: 1 });
  });
});
