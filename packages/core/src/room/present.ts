import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import { findCase, noSuchCase, noSuchMeeting } from "../mdt/index.ts";
import { findPins } from "./prepare.store.ts";
import { mayBeInRoom } from "./room.policy.ts";
import { findPresenting, movePresenting } from "./room.store.ts";
import { roomFacts } from "./room-facts.ts";

/** Where the presenter is, for those who follow; nothing of a patient but the case's id. */
async function placeIn(tx: Tx, meetingId: string) {
  const at = await findPresenting(tx, meetingId);
  if (!at || at.endedAt) return { isPresenting: false as const, step: at?.step ?? 0 };
  const names = await namesOf(tx, [at.presenterId]);
  return {
    isPresenting: true as const,
    isMe: at.presenterId === tx.actor.id,
    presenter: names.get(at.presenterId) ?? at.presenterId,
    ...{ caseId: at.caseId ?? undefined, pinId: at.pinId ?? undefined, step: at.step },
  };
}

/**
 * The presenter goes to a case, or ends. Steps rise: of two that overtake each other the higher counts, so that everyone ends on
 * the case that was called last.
 *
 * @throws {NotFound} `MEETING_NOT_FOUND`, `CASE_NOT_FOUND`
 */
export const present = defineAction({
  name: "room.present",
  input: z.object({
    meetingId: z.uuid(),
    caseId: z.uuid().nullish(),
    pinId: z.uuid().nullish(),
    step: z.number().int().min(1).max(2_000_000_000),
    isOver: z.boolean().default(false),
  }),
  policy: mayBeInRoom,
  absent: noSuchMeeting,
  load: (tx, { meetingId }) => roomFacts(tx, meetingId),
  async run(tx, { meetingId, caseId, pinId, step, isOver }, { meeting }) {
    const found = caseId ? await findCase(tx, caseId) : undefined;
    if (caseId && (found?.meetingId !== meetingId || found.state === "removed")) throw noSuchCase();
    const pins = caseId && pinId ? await findPins(tx, [caseId]) : [];
    const isPinned = pins.some(({ id }) => id === pinId);
    const isTaken = await movePresenting(tx, meeting, {
      ...{ caseId: caseId ?? undefined, pinId: isPinned ? (pinId ?? undefined) : undefined, step, isOver },
    });
    return { isTaken, place: await placeIn(tx, meetingId), patientId: found?.patientId };
  },
  after: async (_ctx, { isTaken, place }) => ({ isTaken, place }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, caseId, step, isOver }, done) => ({
      ...(done?.patientId ? { patientId: done.patientId } : {}),
      detail: { meetingId, caseId: caseId ?? null, step, isOver },
    }),
  },
});

/** Asked every second or two by who follows: the case that is presented now. */
export const follow = defineAction({
  name: "room.follow",
  display: "of-its-list",
  input: z.object({ meetingId: z.uuid() }),
  policy: mayBeInRoom,
  absent: noSuchMeeting,
  load: (tx, { meetingId }) => roomFacts(tx, meetingId),
  run: (tx, { meetingId }) => placeIn(tx, meetingId),
  audit: { how: "none" },
});
