import { z } from "zod";
import { defineAction, type PatientActor } from "../kernel/index.ts";
import { endLinkSessions, findLinkSession, touchLinkSession } from "./link-session.store.ts";
import { systemOnly } from "./staff.policy.ts";
import { hashOf, TOKEN } from "./token.ts";

/**
 * Who asks by the cookie of a link: the actor of a session that lives, in the browser that it was begun in. A cookie in another
 * browser ends the session.
 */
export const findSession = defineAction({
  name: "consent.find-session",
  input: z.object({ secret: z.string().regex(TOKEN), agent: z.string().max(500) }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { secret, agent }): Promise<PatientActor | undefined> {
    const session = await findLinkSession(tx, hashOf(secret));
    if (!session) return undefined;
    if (session.agentHash !== hashOf(agent)) {
      await endLinkSessions(tx, { id: session.id }, "other-device");
      return undefined;
    }
    await touchLinkSession(tx, session);
    const { id, linkId, patientId, organisation } = session;
    return { kind: "patient", id, linkId, patientId, organisation };
  },
  audit: { how: "none" },
});
