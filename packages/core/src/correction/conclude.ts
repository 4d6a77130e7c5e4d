import type { Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { apply, revert } from "./apply.ts";
import type { Facts } from "./correcting-facts.ts";
import { type Before, type CorrectionRow, markDone } from "./correction.store.ts";
import { type Asked, HOW, tellsReaders } from "./correction.ts";
import { type HeldNote, keepNote } from "./keep-note.ts";
import { tellReaders, tellTrusts } from "./notice.store.ts";

export type Concluded = {
  correctionId: string;
  state: "done" | "waiting" | "declined";
  studyId: string;
  custodian: string;
  kind: Asked["kind"];
  fromPatientId: string;
  toPatientId: string | undefined;
  told: number;
};

type Making = {
  correctionId: string;
  asked: Asked;
  facts: Facts;
  note: HeldNote | undefined;
};

type Telling = { before: Before; seenUnder: string; undoes?: string; trusts: readonly string[] };

async function tell(tx: Tx, { correctionId, asked, facts }: Making, telling: Telling): Promise<number> {
  if (!tellsReaders(asked)) return 0;
  const { custodian } = facts;
  await tellTrusts(tx, { correctionId, custodian }, telling.trusts);
  return tellReaders(tx, {
    correctionId,
    custodian,
    studyIds: telling.before.studyIds,
    patientId: telling.seenUnder,
    undoes: telling.undoes,
  });
}

/** Open viewers, live lists, and the fact for whoever holds something of these studies: ids only. */
async function announce(
  tx: Tx,
  { correctionId, asked, facts }: Making,
  before: Before,
  how: string,
): Promise<void> {
  const { kind } = asked;
  const fromPatientId = facts.study.patientId;
  await Study.noteCorrected(tx, before.studyIds, how);
  await tx.enqueue(
    "study.corrected",
    ...before.studyIds.map((studyId) => ({ studyId, correctionId, kind, fromPatientId })),
  );
}

/** In one transaction: the change, its note, who is told, and the fact for whoever holds something of the study. */
export async function doIt(tx: Tx, making: Making): Promise<Concluded> {
  const { correctionId, asked, facts, note } = making;
  // Before anything moves: afterwards a copy elsewhere is of another patient's study.
  const copies = asked.kind === "correct" ? [] : await Study.findCopies(tx, facts.study.id);
  const before = await apply(tx, asked, facts);
  const noteInstanceId = note ? await keepNote(tx, facts, note) : undefined;
  await announce(tx, making, before, HOW[asked.kind]);
  const trusts = [...new Set(copies.map(({ custodian }) => custodian))];
  const told = await tell(tx, making, { before, seenUnder: facts.study.patientId, trusts });
  await markDone(tx, correctionId, { before, noteInstanceId, toPatientId: facts.to?.patientId });
  return outcome(making, "done", told);
}

export async function undoIt(tx: Tx, making: Making, row: CorrectionRow): Promise<Concluded> {
  const { correctionId, asked, facts } = making;
  const before = row.before ?? { studyIds: [row.studyId], seriesIds: [] };
  await revert(tx, before, { custodian: row.custodian, reason: asked.reason });
  await announce(tx, making, before, "undone");
  const seenUnder = row.toPatientId ?? facts.study.patientId;
  const told = await tell(tx, making, { before, seenUnder, undoes: row.id, trusts: [] });
  const { studyIds, seriesIds } = before;
  const toPatientId = row.fromPatientId === facts.study.patientId ? undefined : row.fromPatientId;
  await markDone(tx, correctionId, {
    before: { studyIds, seriesIds },
    noteInstanceId: undefined,
    toPatientId,
  });
  return { ...outcome(making, "done", told), toPatientId };
}

export const outcome = (
  { correctionId, asked, facts }: Omit<Making, "note">,
  state: Concluded["state"],
  told: number,
): Concluded => ({
  correctionId,
  state,
  studyId: facts.study.id,
  custodian: facts.custodian,
  kind: asked.kind,
  fromPatientId: facts.study.patientId,
  toPatientId: facts.to?.patientId,
  told,
});

/** Ids, codes and counts: why it was done stands in the correction itself. */
export const auditOf = (done: Concluded) => {
  const { studyId, custodian, fromPatientId, toPatientId } = done;
  const detail = {
    correctionId: done.correctionId,
    kind: done.kind,
    state: done.state,
    fromPatientId,
    toPatientId: toPatientId ?? null,
    told: done.told,
  };
  // A row for each of the two, so that each one's record says that it was changed.
  const patients = [...new Set([fromPatientId, ...(toPatientId ? [toPatientId] : [])])];
  return patients.map((patientId) => ({ studyId, custodian, patientId, detail }));
};
