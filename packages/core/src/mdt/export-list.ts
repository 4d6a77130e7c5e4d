import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { spaced } from "../patient/index.ts";
import { findCases } from "./case.store.ts";
import { csvOf, withoutNames } from "./csv-of.ts";
import { type GatheredCase, gather } from "./gather.ts";
import { maySeeMeeting } from "./mdt.policy.ts";
import { meetingFacts } from "./meeting-facts.ts";
import { SIDE_WORDS } from "./operation.ts";

const WORD = { green: "ready", amber: "being dealt with", red: "missing", grey: "not known" } as const;

/** What is missing; without names by its label alone, as the words of people may say who it is. */
const missingOf = ({ readiness }: GatheredCase, withNames: boolean): string[] =>
  readiness.aspects
    .filter(({ colour }) => colour !== "green")
    .map(({ label, says, colour }) => (withNames ? `${label}: ${says}` : `${label}: ${WORD[colour]}`));

/** The side that the current images' own attributes name. */
const imageSideOf = ({ studies }: GatheredCase): string => {
  const sides = studies.filter(({ part }) => part === "current").flatMap(({ row }) => row.side.images);
  return [...new Set(sides)].map((side) => SIDE_WORDS[side]).join(" and ");
};

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
    procedure: found.procedure,
    side: found.side ? SIDE_WORDS[found.side] : "",
    imageSide: imageSideOf(one),
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
    const all = gathered.map((one, at) => lineOf(one, at, people, withNames));
    const lines = withNames ? all : all.map(withoutNames);
    const { name, kind, heldOn, rooms, startsAt } = meeting;
    return {
      fileName: `${heldOn}-list`,
      csv: csvOf(lines, { withNames, kind: meeting.kind }),
      heading: { name, kind, heldOn, rooms, startsAt: startsAt.toISOString(), at: tx.now.toISOString() },
      lines,
      patientIds: withNames ? cases.map(({ patientId }) => patientId) : [],
    };
  },
  after: async (_ctx, { patientIds: _ids, ...list }) => list,
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ meetingId, withNames }, done) => [
      { detail: { meetingId, withNames } },
      ...(done?.patientIds ?? []).map((patientId) => ({ patientId, detail: { meetingId } })),
    ],
  },
});
