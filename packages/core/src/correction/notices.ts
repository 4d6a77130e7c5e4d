import { z } from "zod";
import { defineAction, may, NotFound, organisationOf } from "../kernel/index.ts";
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
    return rows.map(
      (row): ShownNotice => ({
        noticeId: row.id,
        studyId: row.studyId,
        custodian: row.custodian,
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
