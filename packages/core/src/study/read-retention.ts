import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { judgeRetention } from "./judge-retention.ts";
import { heldStudyFacts } from "./reading-access.ts";
import { findHolds, findKeptStudy } from "./retention.store.ts";
import { mayHold } from "./study.policy.ts";

/** How long one study is kept, why, and what holds it. */
export const readRetention = defineAction({
  name: "study.read-retention",
  input: z.object({ studyId: z.uuid() }),
  policy: mayHold,
  async load(tx, { studyId }) {
    const { study } = await heldStudyFacts(tx, studyId);
    return { custodian: study.custodian, study };
  },
  async run(tx, { studyId }, { study }) {
    const [judged] = await judgeRetention(tx, study.custodian, await findKeptStudy(tx, studyId));
    const holds = (await findHolds(tx, studyId)).map((hold) => ({
      holdId: hold.id,
      reason: hold.reason,
      placedBy: hold.placedBy,
      placedAt: hold.placedAt.toISOString(),
      endedAt: hold.endedAt?.toISOString(),
    }));
    return {
      patientId: study.patientId,
      custodian: study.custodian,
      until: judged?.until,
      rule: judged?.reason,
      holds,
    };
  },
  whenAuditFails: "spool",
  audit: {
    how: "coalesced",
    verb: "told",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
    }),
  },
});
