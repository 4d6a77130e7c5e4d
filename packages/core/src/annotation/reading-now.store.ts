import * as Identity from "../identity/index.ts";
import { organisationOf } from "../kernel/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";

/** A browser says it again every 20 seconds; one that is dead frees the study a minute later. */
export const FREED_AFTER_SECONDS = 60;

/** Of who left: nothing is deleted (clinical page §23), and nobody reads it. */
const NOT_SEEN = new Date(0);

export type Reader = { name: string; organisation: string; since: string };

const freedBefore = ({ now }: Tx) => new Date(now.getTime() - FREED_AFTER_SECONDS * 1000);

/** Says that the actor reads a study, since when they began: who comes back after they were free begins anew. */
export async function noteReader(tx: Tx, study: { id: string; custodian: string }): Promise<void> {
  const freed = freedBefore(tx);
  const organisation = organisationOf(tx.actor) ?? "";
  await databaseOf(tx).$executeRaw`
    INSERT INTO reading_now (study_id, person_id, custodian, organisation, since, seen_at)
    VALUES (${study.id}::uuid, ${tx.actor.id}, ${study.custodian}, ${organisation}, ${tx.now}, ${tx.now})
    ON CONFLICT (study_id, person_id) DO UPDATE SET
      since = CASE WHEN reading_now.seen_at < ${freed} THEN EXCLUDED.since ELSE reading_now.since END,
      organisation = EXCLUDED.organisation, seen_at = EXCLUDED.seen_at`;
}

export async function freeStudy(tx: Tx, studyId: string): Promise<void> {
  await databaseOf(tx).readingNow.updateMany({
    where: { studyId, personId: tx.actor.id },
    data: { seenAt: NOT_SEEN },
  });
}

/** Others who read these studies now, the one who began first before the rest. */
export async function readersOf(tx: Tx, studyIds: readonly string[]): Promise<ReadonlyMap<string, Reader[]>> {
  if (studyIds.length === 0) return new Map();
  const rows = await databaseOf(tx).readingNow.findMany({
    where: {
      studyId: { in: [...studyIds] },
      personId: { not: tx.actor.id },
      seenAt: { gte: freedBefore(tx) },
    },
    select: { studyId: true, personId: true, organisation: true, since: true },
    orderBy: [{ since: "asc" }, { personId: "asc" }],
  });
  const names = await Identity.namesOf(
    tx,
    rows.map(({ personId }) => personId),
  );
  const found = new Map<string, Reader[]>();
  for (const { studyId, personId, organisation, since } of rows) {
    const reader = { name: names.get(personId) ?? "A reader", organisation, since: since.toISOString() };
    found.set(studyId, [...(found.get(studyId) ?? []), reader]);
  }
  return found;
}
