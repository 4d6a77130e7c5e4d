import { z } from "zod";
import * as Identity from "../identity/index.ts";
import { defineAction, Invalid } from "../kernel/index.ts";
import { noSuchMeeting } from "../mdt/index.ts";
import { mayDisplay } from "./room.policy.ts";
import { roomFacts } from "./room-facts.ts";

/** A display is over after so long, or when it is left (clinical page §6). */
const DISPLAY_MS = 8 * 3_600_000;

/**
 * Makes of one's own session a meeting's display: from now on it shows that meeting's list and nothing else, is never locked, and is
 * over after eight hours or when it is left. There is no way back: who was signed in signs in again.
 *
 * @throws {NotFound} `MEETING_NOT_FOUND` @throws {Invalid} `SESSION_WANTED`
 */
export const beginDisplay = defineAction({
  name: "room.begin-display",
  input: z.object({ meetingId: z.uuid() }),
  policy: mayDisplay,
  absent: noSuchMeeting,
  load: (tx, { meetingId }) => roomFacts(tx, meetingId),
  async run(tx, { meetingId }) {
    const endsAt = new Date(tx.now.getTime() + DISPLAY_MS);
    if (!(await Identity.becomeDisplay(tx, meetingId, endsAt)))
      throw new Invalid("SESSION_WANTED", "Only a session of the portal can become a display.");
    return { endsAt: endsAt.toISOString(), session: tx.session?.id ?? null };
  },
  after: async (_ctx, { endsAt }) => ({ endsAt }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId }, done) => ({ detail: { meetingId, display: done?.session ?? null } }),
  },
});
