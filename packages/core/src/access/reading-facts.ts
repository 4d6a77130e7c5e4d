import type { Tx } from "../kernel/index.ts";
import type { ReadingFacts } from "./reading.policy.ts";
import { hasRelationship } from "./relationship.store.ts";

export type Held = { custodian: string; patientId: string; sensitivities: readonly string[] };

/** What the reading policy must know of this actor and what is held on a patient. */
export async function readingFacts(tx: Tx, held: Held): Promise<ReadingFacts> {
  return {
    custodian: held.custodian,
    sensitivities: held.sensitivities,
    hasRelationship: tx.actor.kind === "person" && (await hasRelationship(tx, tx.actor.id, held.patientId)),
  };
}
