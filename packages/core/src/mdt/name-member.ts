import { z } from "zod";
import { namePerson, namesOf } from "../identity/index.ts";
import { defineAction, Invalid, type Tx } from "../kernel/index.ts";
import { findCases } from "./case.store.ts";
import { mayListFor } from "./mdt.policy.ts";
import { endMember, findMeetings, findMembers, putMember } from "./meeting.store.ts";
import { PARTS } from "./meeting.ts";
import { seriesFacts } from "./meeting-facts.ts";
import { relateCases } from "./relate-cases.ts";

const AHEAD_MS = 365 * 86_400_000;

/** Who belongs sees what is published, from now on; who no longer does sees nothing more. */
async function relateAgain(tx: Tx, seriesId: string): Promise<void> {
  const members = await findMembers(tx, [seriesId]);
  const to = new Date(tx.now.getTime() + AHEAD_MS);
  const meetings = await findMeetings(tx, { seriesIds: [seriesId], from: tx.now, to });
  const cases = await findCases(
    tx,
    meetings.map(({ id }) => id),
  );
  for (const meeting of meetings) {
    const own = cases.filter(({ meetingId }) => meetingId === meeting.id);
    if (own.length > 0) await relateCases(tx, { meeting, members }, own);
  }
}

const Named = z.object({ seriesId: z.uuid(), personId: z.string().min(1).max(120) });

/**
 * Names a member: who has signed in here, or, with what they are called, who hasn't yet.
 *
 * @throws {Invalid} `PERSON_UNKNOWN`: nobody of that id has signed in, and no name was said
 */
export const nameMember = defineAction({
  name: "mdt.name-member",
  input: Named.extend({
    worksFor: z.string().min(3).max(6),
    part: z.enum(PARTS),
    displayName: z.string().trim().min(3).max(120).nullish(),
  }),
  policy: mayListFor,
  load: (tx, { seriesId }) => seriesFacts(tx, seriesId),
  async run(tx, { personId, worksFor, part, displayName }, { series }) {
    if (displayName) await namePerson(tx, { id: personId, displayName, organisation: worksFor });
    const names = await namesOf(tx, [personId]);
    if (!names.has(personId))
      throw new Invalid("PERSON_UNKNOWN", "Nobody of that user id is known here. They have to sign in once.");
    await putMember(tx, series, { personId, worksFor, part });
    await relateAgain(tx, series.id);
    return { seriesId: series.id };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ seriesId, personId, part }) => ({ detail: { seriesId, personId, part } }),
  },
});

export const endMembership = defineAction({
  name: "mdt.end-membership",
  input: Named,
  policy: mayListFor,
  load: (tx, { seriesId }) => seriesFacts(tx, seriesId),
  async run(tx, { seriesId, personId }) {
    await endMember(tx, seriesId, personId);
    await relateAgain(tx, seriesId);
    return { seriesId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ seriesId, personId }) => ({ detail: { seriesId, personId, part: "none" } }),
  },
});
