import { databaseOf, type Tx } from "../kernel/tx.ts";

export type NewLook = { lookId: string; organisation: string; at: Date };

/** Those of them that weren't told before. */
export async function takeLooks(tx: Tx, looks: readonly NewLook[]): Promise<Set<string>> {
  const rows = await databaseOf(tx).$queryRaw<{ lookId: string }[]>`
    INSERT INTO edge_look (client_id, look_id, organisation, looked_at, told_at)
    SELECT ${tx.actor.id}, r.id::uuid, r.organisation, r.at::timestamptz, ${tx.now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(looks.map((one) => ({ id: one.lookId, organisation: one.organisation, at: one.at.toISOString() })))}::jsonb)
      AS r(id text, organisation text, at text)
    ON CONFLICT (client_id, look_id) DO NOTHING
    RETURNING look_id::text AS "lookId"`;
  return new Set(rows.map(({ lookId }) => lookId));
}

/** Whose the studies are; one that isn't to be seen any more has no entry. */
export async function custodiansOf(tx: Tx, studyIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await databaseOf(tx).study.findMany({
    where: { id: { in: [...studyIds] } },
    select: { id: true, custodian: true },
  });
  return new Map(rows.map(({ id, custodian }) => [id, custodian]));
}
