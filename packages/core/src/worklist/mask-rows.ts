import type { Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import type { WorklistRow } from "./worklist.ts";

function masked(row: WorklistRow, secret: string, words: readonly string[]): WorklistRow {
  return {
    ...row,
    custodian: "",
    studyInstanceUid: Study.maskStudyUid(secret, row.studyId),
    patient: { ...row.patient, localNumber: "" },
    description: Study.maskedText(row.description, words),
    accessionNumber: undefined,
    isOutside: false,
    sourceName: undefined,
    copies: [],
  };
}

/** Rows as they are served, without where they were made for who may not know it (clinical page §7). */
export async function rowsFor(tx: Tx, found: readonly WorklistRow[]): Promise<WorklistRow[]> {
  const rows = await Study.servedRows(tx, found);
  const flagged = rows.filter(({ isMasked }) => isMasked);
  if (flagged.length === 0) return rows;
  const secret = await Study.readShareSecret(tx);
  const members = await Study.wordsOfMembers(tx);
  const own = await Study.wordsOfStudies(tx, flagged);
  return rows.map((row) =>
    row.isMasked
      ? masked(row, secret, [...members, ...(own.get(row.studyId) ?? []), row.patient.localNumber])
      : row,
  );
}
