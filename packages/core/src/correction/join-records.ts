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
 * Two records become one patient's, by a person. In one trust the first number's studies are served
 * under the second's from now on, and so is what still comes under the first.
 *
 * @throws {Conflict} `NEVER_LINKED`, `ALREADY_MERGED`
 */
async function merge(tx: Tx, join: Patient.RecordJoin): Promise<Patient.MadeMerge> {
  const row = await Patient.joinRecords(tx, join);
  if (join.from.custodian !== join.into.custodian) return row;
  const studyIds = await Study.findStudiesOfRecord(tx, join.from.id);
  await reassign(tx, studyIds, join.into, join.reason);
  await Patient.noteMovedStudies(tx, row.id, studyIds);
  return row;
}

/** Takes a person's merge back: the records, and the studies that went with it. */
async function unmerge(tx: Tx, row: Patient.MadeMerge, why: string): Promise<void> {
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

async function pairFacts(tx: Tx, pair: readonly Patient.RecordRow[], custodians: readonly string[]) {
  const all: Patient.RecordRow[] = [];
  for (const { patientId } of pair) all.push(...(await Patient.findRecordsOfPatient(tx, patientId)));
  return { custodians, sensitivities: [...new Set(all.flatMap((record) => record.sensitivities))] };
}

async function recordPair(tx: Tx, fromRecordId: string, intoRecordId: string) {
  const records = await Patient.findRecordsByIds(tx, [fromRecordId, intoRecordId]);
  const [from, into] = [fromRecordId, intoRecordId].map((id) => records.find((record) => record.id === id));
  if (!from || !into) throw new NotFound("PATIENT_NOT_FOUND", "No such pair of records.");
  return { ...(await pairFacts(tx, [from, into], [from.custodian, into.custodian])), from, into };
}

type Ends = { from: Patient.RecordRow | undefined; into: Patient.RecordRow | undefined };

/** The records of merges, as far as they are known: a message may name a number that nobody has heard of. */
async function endsOf(tx: Tx, merges: readonly Patient.AnyMerge[]): Promise<Ends[]> {
  const ids = merges.flatMap((one) => (one.how === "person" ? [one.fromRecord, one.intoRecord] : []));
  const numbers = merges.flatMap((one) =>
    one.how === "message"
      ? [one.oldNumber, one.survivingNumber].map((localNumber) => ({ custodian: one.custodian, localNumber }))
      : [],
  );
  const byId = new Map((await Patient.findRecordsByIds(tx, ids)).map((record) => [record.id, record]));
  const keyOf = (custodian: string, localNumber: string) => `${custodian}|${localNumber}`;
  const byNumber = new Map(
    (await Patient.findRecordsByNumbers(tx, numbers)).map((one) => [
      keyOf(one.custodian, one.localNumber),
      one,
    ]),
  );
  return merges.map((one) =>
    one.how === "person"
      ? { from: byId.get(one.fromRecord), into: byId.get(one.intoRecord) }
      : {
          from: byNumber.get(keyOf(one.custodian, one.oldNumber)),
          into: byNumber.get(keyOf(one.custodian, one.survivingNumber)),
        },
  );
}

async function partingFacts(tx: Tx, mergeId: string) {
  const row = await Patient.findMerge(tx, mergeId);
  if (!row) throw new NotFound("MERGE_NOT_FOUND", "There is no such merge.");
  const [{ from, into } = { from: undefined, into: undefined }] = await endsOf(tx, [row]);
  const known = [from, into].filter((record) => record !== undefined);
  const custodians = row.how === "message" ? [row.custodian] : known.map(({ custodian }) => custodian);
  return { ...(await pairFacts(tx, known, custodians)), row, from, into };
}

/** A person's word that two records are one patient's. It can be undone. */
export const joinRecords = defineAction({
  name: "correction.join-records",
  purpose: "operations",
  input: z.object({ fromRecordId: z.uuid(), intoRecordId: z.uuid(), reason }),
  policy: mayJoin,
  load: (tx, { fromRecordId, intoRecordId }) => recordPair(tx, fromRecordId, intoRecordId),
  async run(tx, input, { from, into }) {
    const row = await merge(tx, { from, into, reason: input.reason });
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

/**
 * Undoes a merge, a person's or a message's. What was stated of each goes back with them.
 *
 * @throws {NotFound} `MERGE_NOT_FOUND`
 * @throws {Conflict} `ALREADY_UNDONE`; `MERGED_ON`; `NOT_MERGED` for a message that waits for a person
 */
export const partRecords = defineAction({
  name: "correction.part-records",
  purpose: "operations",
  input: z.object({ mergeId: z.uuid(), reason }),
  policy: mayJoin,
  load: (tx, { mergeId }) => partingFacts(tx, mergeId),
  async run(tx, input, { row, from, into }) {
    if (row.how === "message") await Patient.undoToldMerge(tx, row, input.reason);
    else await unmerge(tx, row, input.reason);
    const before = row.how === "person" ? [row.fromPatient, row.intoPatient] : [];
    const known = [from, into].flatMap((record) => (record ? [record.patientId] : []));
    return {
      mergeId: row.id,
      how: row.how,
      patientIds: [...new Set(row.how === "person" ? before : known)],
      custodian: row.custodian,
    };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects({ mergeId }, done) {
      if (!done) return { detail: { mergeId } };
      const { custodian, how, patientIds } = done;
      const of = { custodian, detail: { mergeId, how } };
      return patientIds.length === 0 ? of : patientIds.map((patientId) => ({ ...of, patientId }));
    },
  },
});

const MOST = 50;

const identityOf = (record: Patient.RecordRow | undefined) =>
  record?.sensitivities.length === 0 ? record.identity : undefined;

/** `from`, `into`: left out where restricted, or where nothing but the number is known. */
function joinedOf(row: Patient.AnyMerge, { from, into }: Ends) {
  return {
    mergeId: row.id,
    how: row.how,
    state: row.state,
    by: row.by,
    at: row.at.toISOString(),
    reason: row.how === "person" ? row.reason : undefined,
    undoneAt: row.undoneAt?.toISOString(),
    from: identityOf(from),
    into: identityOf(into),
    isKnown: { from: from !== undefined, into: into !== undefined },
  };
}

/** Which records of one's own trust were joined, by a person or by a message, and whether that was undone. */
export const listJoined = defineAction({
  name: "correction.list-joined",
  purpose: "operations",
  input: z.object({}),
  policy: mayListCorrections,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, _input, { custodian }) {
    const rows = await Patient.readMerges(tx, custodian, MOST);
    const ends = await endsOf(tx, rows);
    const joined = rows.map((row, index) =>
      joinedOf(row, ends[index] ?? { from: undefined, into: undefined }),
    );
    return { custodian, joined };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) =>
      done ? { custodian: done.custodian, detail: { joined: done.joined.length } } : {},
  },
});
