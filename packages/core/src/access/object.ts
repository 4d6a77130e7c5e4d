import { z } from "zod";
import { defineAction, NotFound, organisationOf } from "../kernel/index.ts";
import { findRecord, findRecordsOfPatients } from "../patient/index.ts";
import { mayRecordObjection } from "./record.policy.ts";
import { endObjectionNow, findObjection, findObjectionsOf, writeObjection } from "./record.store.ts";

const MOST = 500;

/**
 * A patient asked that a study, or all that this trust holds on them, isn't seen beyond it (clinical page §10). Others then
 * see that something is withheld, and may ask or break the glass.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 */
export const recordObjection = defineAction({
  name: "access.record-objection",
  input: z.object({
    localNumber: z.string().trim().min(1).max(64),
    studyId: z.uuid().nullish(),
    discussedBy: z.string().trim().min(3).max(120),
    endsAt: z.iso.datetime().nullish(),
  }),
  policy: mayRecordObjection,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, { localNumber, studyId, discussedBy, endsAt }, { custodian }) {
    const record = await findRecord(tx, custodian, localNumber);
    if (!record) throw new NotFound("PATIENT_NOT_FOUND", "No patient of this trust has that number.");
    const objectionId = await writeObjection(tx, {
      patientRecordId: record.id,
      patientId: record.patientId,
      heldBy: custodian,
      studyId: studyId ?? null,
      discussedBy,
      endsAt: endsAt ? new Date(endsAt) : null,
    });
    return { objectionId, patientId: record.patientId, custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId }, done) => ({
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      ...(studyId ? { studyId } : {}),
    }),
  },
});

/** The objections that one's own trust keeps to. */
export const listObjections = defineAction({
  name: "access.list-objections",
  input: z.object({}),
  policy: mayRecordObjection,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, _input, { custodian }) {
    const rows = await findObjectionsOf(tx, custodian, MOST);
    const records = await findRecordsOfPatients(
      tx,
      rows.map(({ patientId }) => patientId),
    );
    return rows.map(({ startsAt, endsAt, ...row }) => ({
      ...row,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt?.toISOString(),
      patient: records.find((one) => one.patientId === row.patientId && one.custodian === custodian)
        ?.identity,
    }));
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { rows: done?.length ?? 0 } }),
  },
});

/** @throws {NotFound} `OBJECTION_NOT_FOUND` */
export const endObjection = defineAction({
  name: "access.end-objection",
  input: z.object({ objectionId: z.uuid() }),
  policy: mayRecordObjection,
  async load(tx, { objectionId }) {
    const objection = await findObjection(tx, objectionId);
    if (!objection) throw new NotFound("OBJECTION_NOT_FOUND", "There is no such objection.");
    return { custodian: objection.heldBy, patientId: objection.patientId };
  },
  async run(tx, { objectionId }, { patientId, custodian }) {
    await endObjectionNow(tx, objectionId);
    return { patientId, custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ objectionId }, done) => ({ ...(done ?? {}), detail: { objectionId } }),
  },
});
