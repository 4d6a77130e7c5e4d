import type { Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import type { PatientRows } from "./rows-of-patient.ts";
import type { TimelineRow } from "./timeline.ts";

function masked(row: TimelineRow, secret: string, words: readonly string[]): TimelineRow {
  return {
    ...row,
    custodian: "",
    studyInstanceUid: Study.maskStudyUid(secret, row.studyId),
    description: Study.maskedText(row.description, words),
    accessionNumber: undefined,
    site: undefined,
    isOutside: false,
    sourceName: undefined,
    copies: [],
    report: undefined,
    pictures: [],
    isMasked: true,
  };
}

/**
 * A patient with the S-flag, for who may see their studies and not where they were made (clinical page §7): what such an actor
 * reads whole stays whole, without who else holds it; of the rest the site is masked. What is expected would tell it.
 *
 * @param whole - what they read whole
 * @param all - that, and what is masked for them
 */
export async function maskedRows(tx: Tx, whole: PatientRows, all: PatientRows): Promise<PatientRows> {
  const known = new Map(whole.rows.map((row) => [row.studyId, { ...row, copies: [] }]));
  const others = all.rows.filter(({ studyId }) => !known.has(studyId));
  const secret = await Study.readShareSecret(tx);
  const members = await Study.wordsOfMembers(tx);
  const own = await Study.wordsOfStudies(tx, others);
  return {
    rows: all.rows.map(
      (row) => known.get(row.studyId) ?? masked(row, secret, [...members, ...(own.get(row.studyId) ?? [])]),
    ),
    expected: [],
    isCut: all.isCut,
  };
}
