import { z } from "zod";
import { defineAction, WealdError } from "../kernel/index.ts";
import { systemOnly } from "./session.policy.ts";

/** Why nobody was let in. The provider's own faults (a wrong nonce, state, key, time) come as one: none is told to the outside. */
export const SIGN_IN_REFUSALS = [
  "ASSURANCE_TOO_LOW",
  "NO_ROLE_CHOSEN",
  "NOT_PROVED_NOW",
  "CLAIMS_INVALID",
  "ORGANISATION_UNKNOWN",
  "PROVIDER_REFUSED",
] as const;

class SignInRefused extends WealdError {
  readonly kind = "unauthenticated";
  readonly code: (typeof SIGN_IN_REFUSALS)[number];
  constructor(code: (typeof SIGN_IN_REFUSALS)[number]) {
    super("You are not signed in.");
    this.code = code;
  }
}

/**
 * Puts a sign-in that failed on the record: it always ends as the failure that it is told of.
 *
 * @throws {SignInRefused} the reason's code
 */
export const refuseSignIn = defineAction({
  name: "identity.refuse-sign-in",
  input: z.object({
    reason: z.enum(SIGN_IN_REFUSALS),
    /** Where the provider said who it was. */
    personId: z.string().max(64).optional(),
  }),
  policy: systemOnly,
  load: async () => null,
  async run(_tx, { reason }): Promise<never> {
    throw new SignInRefused(reason);
  },
  audit: {
    how: "each",
    verb: "signed-in",
    subjects: ({ personId }) => ({ detail: { person: personId ?? null } }),
  },
});
