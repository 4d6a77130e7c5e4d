import { z } from "zod";
import { defineAction, may, NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { mayAcknowledge, mayBeTold } from "./correction.policy.ts";
import { findNotice, findUnread, markAcknowledged } from "./notice.store.ts";

/** A study that this person opened, or that their trust holds too, was corrected since. It names nobody. */
export type ShownNotice = {
  noticeId: string;
  studyId: string;
  custodian: string;
  kind: string;
  isUndo: boolean;
  correctedAt: string;
  /** When they had opened it; without it their trust holds a copy. */
  openedAt: string | undefined;
  /** Under whom they saw it: opened as any patient is, by the policy. */
  fromPatientId: string;
};

/** Notices of patients with the S-flag, by another trust than the reader's: they don't say by which. */
async function whereSiteIsHidden(
  tx: Tx,
  rows: readonly { id: string; custodian: string; fromPatientId: string }[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const records = await Patient.findRecordsOfPatients(
    tx,
    rows.map(({ fromPatientId }) => fromPatientId),
  );
  const isHidden = ({ custodian, fromPatientId }: (typeof rows)[number]) =>
    records.some(
      ({ patientId, sensitivities }) =>
        patientId === fromPatientId && Patient.isSiteHidden(tx.actor, { custodian, sensitivities }),
    );
  return new Set(rows.filter(isHidden).map(({ id }) => id));
}

/** On every page: what its reader has not acknowledged yet. */
export const listNotices = defineAction({
  name: "correction.list-notices",
  purpose: "operations",
  input: z.object({}),
  policy: mayBeTold,
  load: async () => null,
  async run(tx) {
    const archiveOf = may(tx.actor, "manage-archive") ? (organisationOf(tx.actor) ?? undefined) : undefined;
    const rows = await findUnread(tx, tx.actor.id, archiveOf);
    const flagged = await whereSiteIsHidden(tx, rows);
    return rows.map(
      (row): ShownNotice => ({
        noticeId: row.id,
        studyId: row.studyId,
        custodian: flagged.has(row.id) ? "" : row.custodian,
        kind: row.kind,
        isUndo: row.isUndo,
        correctedAt: row.createdAt.toISOString(),
        openedAt: row.openedAt?.toISOString(),
        fromPatientId: row.fromPatientId,
      }),
    );
  },
  audit: { how: "none" },
});

/** "I have read this": the trust that corrected sees it. */
export const acknowledge = defineAction({
  name: "correction.acknowledge",
  purpose: "operations",
  input: z.object({ noticeId: z.uuid() }),
  policy: mayAcknowledge,
  async load(tx, { noticeId }) {
    const notice = await findNotice(tx, noticeId);
    if (!notice) throw new NotFound("NOTICE_NOT_FOUND", "There is no such notice.");
    return { personId: notice.personId, organisation: notice.organisation, notice };
  },
  async run(tx, { noticeId }, { notice }) {
    await markAcknowledged(tx, noticeId);
    return { studyId: notice.studyId, custodian: notice.custodian, correctionId: notice.correctionId };
  },
  audit: {
    how: "each",
    verb: "told",
    subjects: ({ noticeId }, done) => ({
      ...(done ? { studyId: done.studyId, custodian: done.custodian } : {}),
      detail: { noticeId, correctionId: done?.correctionId ?? null },
    }),
  },
});
