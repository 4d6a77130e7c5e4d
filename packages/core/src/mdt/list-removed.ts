import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction } from "../kernel/index.ts";
import { findRecordsOfPatients } from "../patient/index.ts";
import { findRemoved } from "./case.store.ts";
import { mayListFor } from "./mdt.policy.ts";
import { meetingFacts } from "./meeting-facts.ts";
import { patientTo } from "./patient-to.ts";
import { findStanding } from "./standing.store.ts";

/** What was taken off a list, with why and by whom: it can be put back. A restricted patient stays one. */
export const listRemoved = defineAction({
  name: "mdt.list-removed",
  input: z.object({ meetingId: z.uuid() }),
  policy: mayListFor,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  async run(tx, { meetingId }) {
    const removed = await findRemoved(tx, meetingId);
    const patientIds = [...new Set(removed.map(({ patientId }) => patientId))];
    const standing = new Map((await findStanding(tx, patientIds)).map((one) => [one.patientId, one]));
    const records = await findRecordsOfPatients(tx, patientIds);
    const names = await namesOf(
      tx,
      removed.map(({ changedBy }) => changedBy),
    );
    return removed.map((found) => {
      const own = records.filter(({ patientId }) => patientId === found.patientId);
      const record = own.find(({ id }) => id === found.patientRecordId) ?? own[0];
      const isOpen = patientTo(tx, found, standing.get(found.patientId)) === "open";
      return {
        caseId: found.id,
        patient: isOpen ? record?.identity : undefined,
        reason: found.removedReason ?? "",
        by: names.get(found.changedBy) ?? found.changedBy,
        at: found.changedAt.toISOString(),
      };
    });
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: ({ meetingId }, done) => ({ detail: { meetingId, removed: done?.length ?? 0 } }),
  },
});
