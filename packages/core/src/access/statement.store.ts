import { databaseOf, type Tx } from "../kernel/tx.ts";

export type StatementRow = {
  id: string;
  patientId: string;
  personId: string;
  organisation: string;
  startsAt: Date;
};

/** The oldest statements from before then that nobody has judged yet. */
export const statementsToJudge = (tx: Tx, before: Date, limit: number): Promise<StatementRow[]> =>
  databaseOf(tx).relationship.findMany({
    where: { kind: "statement", judgedAt: null, startsAt: { lte: before } },
    select: { id: true, patientId: true, personId: true, organisation: true, startsAt: true },
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
    take: limit,
  });

/** What bore each out; `null`: nothing did. */
export async function noteConfirmations(
  tx: Tx,
  judged: readonly { id: string; confirmedBy: string | null }[],
): Promise<void> {
  await databaseOf(tx).$executeRaw`
    UPDATE relationship r SET judged_at = ${tx.now}::timestamptz, confirmed_by = j."confirmedBy"
    FROM jsonb_to_recordset(${JSON.stringify(judged)}::jsonb) AS j(id uuid, "confirmedBy" text) WHERE r.id = j.id`;
}

/** How many statements of each person were judged since then, and how many of them borne out. */
export const statementCounts = (
  tx: Tx,
  since: Date,
): Promise<{ personId: string; organisation: string; stated: number; confirmed: number }[]> =>
  databaseOf(tx).$queryRaw`
    SELECT person_id AS "personId", organisation, count(*)::int AS stated, count(confirmed_by)::int AS confirmed
    FROM relationship WHERE kind = 'statement' AND judged_at >= ${since}::timestamptz GROUP BY person_id, organisation`;
