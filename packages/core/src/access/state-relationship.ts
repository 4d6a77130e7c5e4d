import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { mayState } from "./relationship.policy.ts";
import { relate } from "./relationship.store.ts";

/** One key from a short list (clinical page §4). */
export const STATEMENTS = ["treating-now", "asked-for-opinion", "on-call"] as const;
const HOURS = 24;

/**
 * A clinician's own statement of why they look at this patient. It lasts 24 hours, opens no sensitive class, and is
 * provisional until an admission, appointment, request, referral or report confirms it.
 */
export const stateRelationship = defineAction({
  name: "access.state-relationship",
  purpose: "direct-care",
  input: z.object({ patientId: z.uuid(), statement: z.enum(STATEMENTS) }),
  policy: mayState,
  load: async () => null,
  async run(tx, { patientId, statement }) {
    const endsAt = new Date(tx.now.getTime() + HOURS * 3_600_000);
    await relate(tx, {
      patientId,
      personId: tx.actor.id,
      organisation: organisationOf(tx.actor) ?? "",
      kind: "statement",
      statement,
      source: "own statement",
      endsAt,
      isProvisional: true,
    });
    return { endsAt: endsAt.toISOString() };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ patientId, statement }) => ({ patientId, detail: { statement } }),
  },
});
