import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { spaced } from "../patient/index.ts";
import { findCases } from "./case.store.ts";
import { csvOf } from "./csv-of.ts";
import { type GatheredCase, gather } from "./gather.ts";
import { maySeeMeeting } from "./mdt.policy.ts";
import { meetingFacts } from "./meeting-facts.ts";

const WORD = { green: "ready", amber: "being dealt with", red: "missing", grey: "not known" } as const;

/** What is missing; without names by its label alone, as the words of people may say who it is. */
const missingOf = ({ readiness }: GatheredCase, withNames: boolean): string[] =>
  readiness.aspects
    .filter(({ colour }) => colour !== "green")
    .map(({ label, says, colour }) => (withNames ? `${label}: ${says}` : `${label}: ${WORD[colour]}`));

/** A line of the printed list. Without names nothing in it says who it is: a question, a referrer's words may. */
function lineOf(one: GatheredCase, at: number, people: ReadonlyMap<string, string>, withNames: boolean) {
  const { identity, found, readiness } = one;
  const named = (id: string | undefined) => (id ? (people.get(id) ?? id) : "");
  return {
    number: at + 1,
    patient: identity ? `${identity.family.toUpperCase()}, ${identity.given}` : "restricted",
    nhsNumber: identity?.nhsNumber ? spaced(identity.nhsNumber) : "",
    born: identity?.birthDate ?? "",
    question: withNames ? found.question : "",
    referrer: withNames ? found.referrer : "",
    pathway: found.pathway,
    targetDate: found.targetDate ?? "",
    presenter: named(found.presenterId),
    state: WORD[readiness.colour],
    missing: missingOf(one, withNames).join("; "),
  };
}

/**
 * The list as CSV and as lines to print, with names or without. Without names what a person typed is left out too, as it may name
 * the patient.
 */
export const exportList = defineAction({
  name: "mdt.export-list",
  input: z.object({ meetingId: z.uuid(), withNames: z.boolean() }),
  policy: maySeeMeeting,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  async run(tx, { meetingId, withNames }, { meeting }) {
    const cases = await findCases(tx, [meetingId]);
    const { cases: gathered, people } = await gather(tx, cases, [meeting]);
    const lines = gathered.map((one, at) => lineOf(one, at, people, withNames));
    return {
      fileName: `${meeting.heldOn}-list.csv`,
      csv: csvOf(lines, withNames),
      patientIds: withNames ? cases.map(({ patientId }) => patientId) : [],
    };
  },
  async after(_ctx, { fileName, csv }) {
    return { fileName, csv };
  },
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ meetingId, withNames }, done) => [
      { detail: { meetingId, withNames } },
      ...(done?.patientIds ?? []).map((patientId) => ({ patientId, detail: { meetingId } })),
    ],
  },
});
