import { randomUUID } from "node:crypto";
import { z } from "zod";
import { ACTIVITIES, defineAction, Invalid } from "../kernel/index.ts";
import { rememberPerson } from "./person.store.ts";
import { mayBegin } from "./session.policy.ts";
import { isKnownOrganisation, writeSession } from "./session.store.ts";

const CLOCKS_DIFFER_MS = 60_000;

/**
 * A sign-in: always a session of its own, under an id that nobody had before (no fixation). The portal calls it with what
 * the identity provider signed; proving oneself again is a sign-in too, which the portal lets take the place of the last.
 */
export const beginSession = defineAction({
  name: "identity.begin-session",
  input: z.object({
    displayName: z.string().min(1).max(200),
    /** Where they are told of what is asked of them. */
    email: z.email().max(254).optional(),
    providerSub: z.string().min(1).max(255),
    providerSid: z.string().min(1).max(255).optional(),
    provedAt: z.date(),
    /** What the role was given by the identity provider; the actor has an administrator's grants beside. */
    roleActivities: z.array(z.enum(ACTIVITIES)),
    /** Locked when left alone for so long; null for a display that never is. */
    idleSeconds: z.number().int().positive().nullable(),
    shiftSeconds: z.number().int().positive(),
    /** The session whose place it takes: was it locked, or another person's? */
    replaces: z.object({ wasLocked: z.boolean(), isSamePerson: z.boolean() }).optional(),
  }),
  policy: mayBegin,
  load: async (tx) => ({
    isOrganisationKnown: tx.actor.kind === "person" && (await isKnownOrganisation(tx, tx.actor.organisation)),
  }),
  async run(tx, input) {
    const { actor, now } = tx;
    if (actor.kind !== "person") throw new Error("decided otherwise");
    if (input.provedAt.getTime() > now.getTime() + CLOCKS_DIFFER_MS)
      throw new Invalid("PROOF_OF_THE_FUTURE", "The identity provider's clock is ahead of ours.");
    const sessionId = randomUUID();
    const endsAt = new Date(now.getTime() + input.shiftSeconds * 1000);
    const { id: personId, roleId, organisation, role } = actor;
    const { providerSub, providerSid, provedAt, idleSeconds, displayName } = input;
    await writeSession(tx, {
      ...{ sessionId, personId, roleId, organisation, providerSub, providerSid },
      ...{ provedAt, idleSeconds, endsAt },
    });
    await rememberPerson(tx, {
      ...{ id: personId, displayName, lastOrganisation: organisation, lastRole: role },
      ...{ lastActivities: input.roleActivities, email: input.email },
    });
    return { sessionId, endsAt };
  },
  audit: {
    how: "each",
    verb: "signed-in",
    subjects: ({ replaces }, done) => ({
      detail: {
        session: done?.sessionId ?? null,
        unlocks: replaces?.wasLocked === true && replaces.isSamePerson,
        renews: replaces?.isSamePerson === true,
      },
    }),
  },
});
