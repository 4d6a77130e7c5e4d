import { z } from "zod";
import { AccessDenied, type Ctx, defineAction, freshlyProved, Invalid, type Tx } from "../kernel/index.ts";
import { findFacts } from "./facts.store.ts";
import { mayBreakGlass } from "./glass.policy.ts";
import { markUnaudited, writeGlass } from "./glass.store.ts";
import { FRESH_SECONDS, GLASS_HOURS, GLASS_REASONS, type Proof } from "./glass.ts";
import { relate } from "./relationship.store.ts";

const Asked = z.object({
  patientId: z.uuid(),
  reason: z.enum(GLASS_REASONS),
  words: z.string().trim().max(500).default(""),
});

function proofOf(tx: Tx, isProviderAway: boolean): Proof {
  if (freshlyProved(tx, FRESH_SECONDS)) return "fresh";
  return isProviderAway && tx.session ? "provider-away" : "stale";
}

const broken = defineAction({
  name: "access.break-glass",
  purpose: "emergency",
  input: Asked.extend({ isProviderAway: z.boolean() }),
  policy: mayBreakGlass,
  async load(tx, { patientId, isProviderAway }) {
    const held = { custodian: "", patientId, studyId: undefined };
    const { isOwnRecord } = await findFacts(tx, tx.actor.id, held);
    return { isOwnRecord, proof: proofOf(tx, isProviderAway) };
  },
  async run(tx, { patientId, reason, words }, { proof }) {
    if (reason === "other" && words.length < 10)
      throw new Invalid("REASON_TOO_SHORT", "Say in a few words why: ten letters or more.");
    if (tx.actor.kind !== "person") throw new Error("the policy lets only people break the glass");
    const { roleId, role, organisation, id: personId } = tx.actor;
    const endsAt = new Date(tx.now.getTime() + GLASS_HOURS * 3_600_000);
    const glass = {
      patientId,
      roleId,
      role,
      organisation,
      reason,
      words,
      wasProved: proof === "fresh",
      endsAt,
    };
    const glassId = await writeGlass(tx, glass);
    await relate(tx, {
      patientId,
      personId,
      organisation,
      kind: "glass",
      source: glassId,
      endsAt,
      isProvisional: false,
    });
    return { glassId, endsAt: endsAt.toISOString(), wasProved: glass.wasProved };
  },
  // It opens when nothing can be recorded, and stands first in the queue of what is reviewed (clinical page §6).
  whenAuditFails: "open-and-count",
  onUnrecorded: (tx, { glassId }) => markUnaudited(tx, glassId),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ patientId, reason }, done) => ({
      patientId,
      detail: { reason, ...(done ? { glassId: done.glassId, wasProved: done.wasProved } : {}) },
    }),
  },
});

/**
 * Opens one patient's whole record to one person for four hours, for a reason. A fresh proof of who they are comes first;
 * only where the identity provider itself doesn't answer is a session that lives enough, and its review stands first.
 *
 * @throws {AccessDenied} `fresh-sign-in`: sign in again, then ask again; `own-record`
 * @throws {Invalid} `REASON_TOO_SHORT`
 */
async function breakIt(ctx: Ctx, input: z.input<typeof Asked>) {
  try {
    return await broken(ctx, { ...input, isProviderAway: false });
  } catch (error) {
    const isStale = error instanceof AccessDenied && error.reason === "fresh-sign-in";
    if (!isStale || (await ctx.service.ports.identityProvider.isThere())) throw error;
    return broken(ctx, { ...input, isProviderAway: true });
  }
}

const { actionName, policy, audit } = broken;
export const breakGlass = Object.assign(breakIt, { actionName, policy, audit, input: Asked });
