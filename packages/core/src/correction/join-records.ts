import { z } from "zod";
import { defineAction, NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { mayJoin, mayListCorrections } from "./correction.policy.ts";
import { amendThrough } from "./served-attributes.ts";

const reason = z.string().trim().min(3).max(500);

/** Studies under a number that goes or stays are served under the other, at every level. */
async function reassign(tx: Tx, studyIds: readonly string[], record: Patient.RecordRow, why: string) {
  for (const studyId of studyIds) {
    const held = await Study.findHeldStudy(tx, studyId);
    if (!held) continue;
    await amendThrough(tx, held, Study.identityAttributes(record.identity), why);
    await Study.assignStudy(tx, studyId, { patientRecordId: record.id, patientId: record.patientId });
  }
  if (studyIds.length === 0) return;
  await Study.noteCorrected(tx, studyIds, "merged");
  await tx.enqueue("study.corrected", ...studyIds.map((studyId) => ({ studyId, kind: "merge" })));
}

/**
 * Two records become one patient's, by a person or by a message (ADT A40). In one trust the first number's studies are served
 * under the second's from now on, and so is what still comes under the first.
 *
 * @throws {Conflict} `NEVER_LINKED`, `ALREADY_MERGED`
 */
export async function merge(tx: Tx, join: Patient.RecordJoin): Promise<Patient.MergeRow> {
  const row = await Patient.joinRecords(tx, join);
  if (join.from.custodian !== join.into.custodian) return row;
  const studyIds = await Study.findStudiesOfRecord(tx, join.from.id);
  await reassign(tx, studyIds, join.into, join.reason);
  await Patient.noteMovedStudies(tx, row.id, studyIds);
  return row;
}

/** Takes a merge back, whoever made it: the records, and the studies that went with it. */
export async function unmerge(tx: Tx, row: Patient.MergeRow, why: string): Promise<void> {
  await Patient.partRecords(tx, row, why);
  const [from] = await Patient.findRecordsByIds(tx, [row.fromRecord]);
  const since = await Study.findStudiesNamed(tx, {
    record: row.intoRecord,
    named: row.fromRecord,
    since: row.at,
  });
  const studyIds = [...new Set([...row.movedStudies, ...since])];
  if (from && studyIds.length > 0) await reassign(tx, studyIds, from, why);
}

async function recordPair(tx: Tx, fromRecordId: string, intoRecordId: string) {
  const records = await Patient.findRecordsByIds(tx, [fromRecordId, intoRecordId]);
  const [from, into] = [fromRecordId, intoRecordId].map((id) => records.find((record) => record.id === id));
  if (!from || !into) throw new NotFound("PATIENT_NOT_FOUND", "No such pair of records.");
  const all = [
    ...(await Patient.findRecordsOfPatient(tx, from.patientId)),
    ...(await Patient.findRecordsOfPatient(tx, into.patientId)),
  ];
  return {
    custodians: [from.custodian, into.custodian],
    sensitivities: [...new Set(all.flatMap((record) => record.sensitivities))],
    from,
    into,
  };
}

/** A person's word that two records are one patient's. It can be undone. */
export const joinRecords = defineAction({
  name: "correction.join-records",
  input: z.object({ fromRecordId: z.uuid(), intoRecordId: z.uuid(), reason }),
  policy: mayJoin,
  load: (tx, { fromRecordId, intoRecordId }) => recordPair(tx, fromRecordId, intoRecordId),
  async run(tx, input, { from, into }) {
    const row = await merge(tx, { from, into, how: "person", reason: input.reason });
    return {
      mergeId: row.id,
      fromPatientId: row.fromPatient,
      intoPatientId: row.intoPatient,
      custodian: row.custodian,
    };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ fromRecordId, intoRecordId }, done) =>
      done
        ? [done.fromPatientId, done.intoPatientId].map((patientId) => ({
            patientId,
            custodian: done.custodian,
            detail: { mergeId: done.mergeId, fromRecordId, intoRecordId },
          }))
        : { detail: { fromRecordId, intoRecordId } },
  },
});

/** Undoes a merge, a person's or a message's. What was stated of each goes back with them. */
export const partRecords = defineAction({
  name: "correction.part-records",
  input: z.object({ mergeId: z.uuid(), reason }),
  policy: mayJoin,
  async load(tx, { mergeId }) {
    const row = await Patient.findMerge(tx, mergeId);
    if (!row) throw new NotFound("MERGE_NOT_FOUND", "There is no such merge.");
    return { ...(await recordPair(tx, row.fromRecord, row.intoRecord)), row };
  },
  async run(tx, input, { row }) {
    await unmerge(tx, row, input.reason);
    return {
      mergeId: row.id,
      fromPatientId: row.fromPatient,
      intoPatientId: row.intoPatient,
      custodian: row.custodian,
    };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ mergeId }, done) =>
      done
        ? [done.fromPatientId, done.intoPatientId].map((patientId) => ({
            patientId,
            custodian: done.custodian,
            detail: { mergeId },
          }))
        : { detail: { mergeId } },
  },
});

const MOST = 50;

/** Which records of one's own trust were joined, by whom, and whether that was undone. */
export const listJoined = defineAction({
  name: "correction.list-joined",
  input: z.object({}),
  policy: mayListCorrections,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, _input, { custodian }) {
    const rows = await Patient.readMerges(tx, custodian, MOST);
    const records = await Patient.findRecordsByIds(
      tx,
      rows.flatMap(({ fromRecord, intoRecord }) => [fromRecord, intoRecord]),
    );
    const identityOf = new Map(
      records
        .filter(({ sensitivities }) => sensitivities.length === 0)
        .map(({ id, identity }) => [id, identity]),
    );
    const joined = rows.map((row) => ({
      mergeId: row.id,
      how: row.how,
      by: row.by,
      at: row.at.toISOString(),
      reason: row.reason,
      undoneAt: row.undoneAt?.toISOString(),
      from: identityOf.get(row.fromRecord),
      into: identityOf.get(row.intoRecord),
    }));
    return { custodian, joined };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) =>
      done ? { custodian: done.custodian, detail: { joined: done.joined.length } } : {},
  },
});
