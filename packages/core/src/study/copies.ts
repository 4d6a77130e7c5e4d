import type { Tx } from "../kernel/index.ts";
import { compareSets, findCopies, type HeldCopy, type SetDifference } from "./copies.store.ts";
import { Access, type StudyFacts } from "./reading-access.ts";

/** The same study, held by another trust since before Weald (clinical page §17). */
export type Copy = SetDifference & { studyId: string; custodian: string };

/** A copy that this actor could not open is as if it were not there: neither its trust nor its number is told. */
export async function readableCopies(tx: Tx, facts: StudyFacts): Promise<Copy[]> {
  const { study } = facts;
  const held: HeldCopy[] = [];
  for (const copy of await findCopies(tx, study.id)) {
    const reading = await Access.readingFacts(tx, { ...study, ...copy });
    if (Access.decideReading(tx.actor, reading).allowed) held.push(copy);
  }
  const differences = await compareSets(
    tx,
    held.map(({ studyId }) => ({ here: study.id, there: studyId })),
  );
  return held.flatMap((copy, at) => {
    const difference = differences[at];
    return difference ? [{ ...copy, ...difference }] : [];
  });
}
