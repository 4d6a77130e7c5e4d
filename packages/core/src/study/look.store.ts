import { databaseOf, type Tx } from "../kernel/tx.ts";

/** A person opens a study: from now on only what comes later is new to them. */
export async function noteLook(tx: Tx, study: { id: string; custodian: string }): Promise<void> {
  if (tx.actor.kind !== "person") return;
  // A clock that is behind another server's takes nothing back.
  await databaseOf(tx).$executeRaw`
    INSERT INTO study_look AS l (person_id, study_id, custodian, looked_at)
    VALUES (${tx.actor.id}, ${study.id}::uuid, ${study.custodian}, ${tx.now})
    ON CONFLICT (person_id, study_id) DO UPDATE SET looked_at = GREATEST(l.looked_at, EXCLUDED.looked_at)`;
}
