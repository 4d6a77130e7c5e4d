import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Sharing } from "./agreed.ts";

export type Held = { custodian: string; patientId: string; studyId: string | undefined };

export type HeldFacts = {
  sensitivities: string[];
  /** Kinds of the relationships in force. */
  relationships: string[];
  isSentToThem: boolean;
  isOwnRecord: boolean;
  isObjectedTo: boolean;
};

/** All that access holds on one person and one patient, in one statement. */
export async function findFacts(tx: Tx, personId: string, held: Held): Promise<HeldFacts> {
  const [row] = await databaseOf(tx).$queryRaw<HeldFacts[]>`
    SELECT
      ARRAY(SELECT DISTINCT unnest(classes) FROM sensitive_mark WHERE patient_id = p.id ORDER BY 1) AS "sensitivities",
      ARRAY(SELECT DISTINCT kind FROM relationship WHERE patient_id = p.id AND person_id = ${personId}
        AND study_id IS NULL AND starts_at <= ${tx.now}::timestamptz AND ends_at > ${tx.now}::timestamptz ORDER BY 1) AS "relationships",
      EXISTS (SELECT 1 FROM relationship WHERE patient_id = p.id AND person_id = ${personId} AND study_id = ${held.studyId ?? null}::uuid
        AND starts_at <= ${tx.now}::timestamptz AND ends_at > ${tx.now}::timestamptz) AS "isSentToThem",
      EXISTS (SELECT 1 FROM own_record WHERE patient_id = p.id AND person_id = ${personId} AND ended_at IS NULL) AS "isOwnRecord",
      EXISTS (SELECT 1 FROM objection WHERE patient_id = p.id AND held_by = ${held.custodian}
        AND (study_id IS NULL OR study_id = ${held.studyId ?? null}::uuid)
        AND starts_at <= ${tx.now}::timestamptz AND (ends_at IS NULL OR ends_at > ${tx.now}::timestamptz)) AS "isObjectedTo"
    FROM (SELECT ${held.patientId}::uuid AS id) p`;
  if (!row) throw new Error("a statement of one row gave none");
  return row;
}

/** Every way by which a custodian shares with an organisation. */
export async function findSharing(tx: Tx, custodian: string, organisation: string): Promise<Sharing[]> {
  const rows = await databaseOf(tx).$queryRaw<(Omit<Sharing, "endedAt"> & { endedAt: Date | null })[]>`
    SELECT kinds, purposes, ended_at AS "endedAt" FROM weald.sharing(${organisation}, ${tx.now}::timestamptz)
    WHERE held_by = ${custodian}`;
  return rows.map((row) => ({ ...row, endedAt: row.endedAt ?? undefined }));
}

/** Whose studies are withheld from an organisation because they are shared no more, and how many of this patient's. */
export async function findLeftBehind(
  tx: Tx,
  organisation: string,
  patientId: string,
): Promise<{ custodian: string; studies: number }[]> {
  return databaseOf(tx).$queryRaw`
    SELECT held_by AS custodian, studies FROM weald.left_behind(${organisation}, ${patientId}::uuid, ${tx.now}::timestamptz)`;
}

/** Who of these people is which patient. */
export const ownRecordsOf = (
  tx: Tx,
  personIds: readonly string[],
): Promise<{ personId: string; patientId: string }[]> =>
  databaseOf(tx).ownRecord.findMany({
    where: { personId: { in: [...personIds] }, endedAt: null },
    select: { personId: true, patientId: true },
  });
