import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { noSuchCase } from "../mdt/index.ts";
import { findNewestReports } from "../reporting/index.ts";
import type { GatheredRows } from "../timeline/index.ts";
import { shownCase } from "./read-case.ts";
import { maySeeCase } from "./room.policy.ts";
import { caseFacts } from "./room-facts.ts";
import { studiesOf } from "./seen-studies.ts";

/** The text of each report that this actor reads of these studies; of a study whose site is masked, none. */
async function textsOf(tx: Tx, patientId: string, { rows, versions }: GatheredRows) {
  const newest = await findNewestReports(tx, [patientId]);
  return rows.flatMap(({ studyId, isMasked }) => {
    const readable = versions.get(studyId)?.report;
    const report = newest.find(({ reportId }) => reportId === readable?.reportId);
    if (!report || isMasked) return [];
    const { status, text, author, reportedAt, version } = report;
    return [{ studyId, status, text, author, reportedAt, version }];
  });
}

/**
 * A case with all its words, for a page that keeps the list readable when the network is lost. It counts as fetched ahead; that it
 * was looked at is told when the network is back.
 *
 * @throws {NotFound} `CASE_NOT_FOUND`
 */
export const keepCase = defineAction({
  name: "room.keep-case",
  display: "of-its-list",
  input: z.object({ caseId: z.uuid() }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, _input, facts) {
    const { patientId } = facts.found;
    const seen = await studiesOf(tx, patientId);
    return {
      shown: await shownCase(tx, facts, seen),
      reports: await textsOf(tx, patientId, seen),
      keptAt: tx.now.toISOString(),
      patientId,
    };
  },
  after: async (_ctx, { patientId: _patient, ...kept }) => kept,
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      isPrefetch: true,
      detail: { caseId },
    }),
  },
});

/** Without the network, a case was looked at as it was kept: on record as soon as it is back. */
export const noteLook = defineAction({
  name: "room.note-look",
  display: "of-its-list",
  input: z.object({ caseId: z.uuid(), lookedAt: z.iso.datetime() }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  run: async (_tx, _input, { found }) => ({ patientId: found.patientId }),
  after: async () => ({ isNoted: true as const }),
  audit: {
    how: "each",
    verb: "displayed",
    subjects: ({ caseId, lookedAt }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, lookedAt, offline: true },
    }),
  },
});
