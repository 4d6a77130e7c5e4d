import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { judgeRetention } from "./judge-retention.ts";
import { findKeptStudies } from "./retention.store.ts";
import type { RetentionReason } from "./retention.ts";
import { mayListDue } from "./study.policy.ts";

const PAGE = 500;

export type DueStudy = { studyId: string; studyDate: string; until: string; reason: RetentionReason };

/** What of a trust would be due on a day, in pages: a dry run, and nothing else. Held studies are counted, not listed. */
export const listDue = defineAction({
  name: "study.list-due",
  input: z.object({ custodian: z.string().max(6), at: z.iso.date(), after: z.uuid().optional() }),
  policy: mayListDue,
  load: async (_tx, { custodian }) => ({ custodian }),
  async run(tx, { custodian, at, after }) {
    const studies = await findKeptStudies(tx, custodian, { after, limit: PAGE });
    const judged = await judgeRetention(tx, custodian, studies);
    const past = judged.filter(({ until }) => until <= at);
    return {
      due: past
        .filter(({ isHeld }) => !isHeld)
        .map(({ studyId, studyDate, until, reason }): DueStudy => ({ studyId, studyDate, until, reason })),
      held: past.filter(({ isHeld }) => isHeld).length,
      examined: studies.length,
      next: studies.length === PAGE ? studies.at(-1)?.id : undefined,
    };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ custodian, at }, done) => ({
      custodian,
      detail: { at, due: done?.due.length ?? 0, examined: done?.examined ?? 0 },
    }),
  },
});
