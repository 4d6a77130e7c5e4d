import { databaseOf, type Tx } from "../kernel/tx.ts";

/** When this actor last opened a study within a time. */
export async function lastOpenedAt(
  tx: Tx,
  { studyId, since, until }: { studyId: string; since: Date; until: Date },
): Promise<Date | undefined> {
  const row = await databaseOf(tx).auditEvent.findFirst({
    where: {
      studyId,
      actorId: tx.actor.id,
      verb: "opened",
      outcome: "success",
      at: { gte: since, lte: until },
    },
    select: { at: true },
    orderBy: { at: "desc" },
  });
  return row?.at;
}
