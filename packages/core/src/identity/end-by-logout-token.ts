import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { systemOnly } from "./session.policy.ts";
import { endSessions, hearToken, sessionsOfProvider } from "./session.store.ts";

/**
 * The identity provider says that somebody signed out there: their sessions end here, in the same moment on every page.
 * What the token says was checked by the door (signature, issuer, audience, age); it counts once.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.7
 */
export const endByLogoutToken = defineAction({
  name: "identity.end-by-logout-token",
  input: z
    .object({
      jti: z.string().min(1).max(255),
      sub: z.string().min(1).max(255).optional(),
      sid: z.string().min(1).max(255).optional(),
    })
    .refine(({ sub, sid }) => sub !== undefined || sid !== undefined),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { jti, sub, sid }) {
    if (!(await hearToken(tx, jti)))
      throw new Conflict("LOGOUT_TOKEN_REPLAYED", "This logout token was heard before.");
    const sessions = await sessionsOfProvider(tx, { sub, sid });
    await endSessions(
      tx,
      sessions.map(({ sessionId }) => sessionId),
      "back-channel",
    );
    return sessions.map(({ sessionId, personId, organisation }) => ({ sessionId, personId, organisation }));
  },
  audit: {
    how: "each",
    verb: "signed-out",
    subjects: (_input, done) =>
      (done ?? [{ sessionId: null, personId: null, organisation: undefined }]).map(
        ({ sessionId, personId, organisation }) => ({
          ...(organisation ? { custodian: organisation } : {}),
          detail: { session: sessionId, person: personId, why: "back-channel" },
        }),
      ),
  },
});
