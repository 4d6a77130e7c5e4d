import { z } from "zod";
import * as Access from "../access/index.ts";
import * as Ingest from "../ingest/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findReportsOfOthers, findTiedStudies, putReportAside, type TiedStudy } from "../reporting/index.ts";
import * as Request from "../request/index.ts";
import { touchStudies } from "../study/index.ts";
import { systemOnly } from "./message.policy.ts";
import { findObjectKeys } from "./message.store.ts";
import { putSubjectAside } from "./put-aside.ts";
import { RETRIED_WHEN_KNOWN, subjectOf } from "./refusals.ts";

type Tied = Omit<TiedStudy, "studyId">;
type Back = { item: Ingest.QuarantineRow; key: string };

const MOST_RETRIED = 50;

/** What waited behind a report or request of somebody else may fit now. */
async function tellOwner(tx: Tx, patientId: string): Promise<void> {
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  await tx.enqueue("patient.changed", ...records.map(({ id }) => ({ recordId: id })));
}

async function putOthersReportsAside(tx: Tx, tied: Tied): Promise<number> {
  const reports = await findReportsOfOthers(tx, tied);
  for (const report of reports) {
    await putReportAside(tx, report);
    const subject = subjectOf.report(report.issuer, report.fillerNumber);
    await putSubjectAside(tx, tied.custodian, subject, { code: "REPORT_PATIENT_MISMATCH" });
  }
  return reports.length;
}

async function putOthersRequestsAside(tx: Tx, tied: Tied): Promise<number> {
  const requests = await Request.findRequestsOfOthers(tx, tied);
  for (const request of requests) {
    await Request.putRequestAside(tx, request);
    const subject = subjectOf.request(request.issuer, request.accessionNumber);
    await Access.relateExactly(tx, { organisation: tied.custodian, kind: "request", source: subject }, []);
    await putSubjectAside(tx, tied.custodian, subject, { code: "REQUEST_PATIENT_MISMATCH" });
  }
  return requests.length;
}

/** Reports and requests under a study's accession number that name somebody else than the study: a person decides. */
async function recheckTies(tx: Tx, studies: readonly TiedStudy[]): Promise<number> {
  let aside = 0;
  for (const { studyId, ...tied } of studies) {
    const found = (await putOthersRequestsAside(tx, tied)) + (await putOthersReportsAside(tx, tied));
    if (found > 0) {
      await touchStudies(tx, [studyId]);
      await tellOwner(tx, tied.patientId);
    }
    aside += found;
  }
  return aside;
}

/** What waited because of these numbers goes back to the inbox: it may fit by now. If it doesn't, it waits again. */
async function retryWaiting(tx: Tx, records: readonly Patient.RecordRow[]): Promise<Back[]> {
  const back: Back[] = [];
  for (const custodian of new Set(records.map((record) => record.custodian))) {
    const localNumbers = records
      .filter((record) => record.custodian === custodian)
      .map(({ localNumber }) => localNumber);
    const waiting = await Ingest.findWaitingMessages(
      tx,
      { custodian, localNumbers, codes: RETRIED_WHEN_KNOWN },
      MOST_RETRIED,
    );
    for (const item of waiting) back.push(await Ingest.reopen(tx, item, "More became known of the patient."));
  }
  return back;
}

/**
 * A study was indexed: what came before it under its accession number and names another patient is put aside (clinical page
 * §1). Nothing is lost: a PACS manager sees each message, and tries it again once it is clear whose it is.
 */
export const recheckStudy = defineAction({
  name: "message.recheck-study",
  input: z.object({ studyId: z.uuid() }),
  policy: systemOnly,
  load: async () => null,
  run: async (tx, { studyId }) => ({ aside: await recheckTies(tx, await findTiedStudies(tx, { studyId })) }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId }, done) =>
      done?.aside === 0 ? [] : { studyId, detail: { aside: done?.aside ?? 0 } },
  },
});

async function recheckMerges(tx: Tx, records: readonly Patient.RecordRow[]): Promise<void> {
  for (const { custodian, localNumber } of records)
    for (const { source, rule } of await Patient.findContradictedMerges(tx, { custodian, localNumber }))
      await putSubjectAside(tx, custodian, subjectOf.merge(source), { code: "MERGE_DISAGREES", rule });
}

/**
 * A record came to say something else, or became another person's: merges that are contradicted now and ties that hold no
 * longer are put aside, and what waited for this is tried again. This is what makes the order of messages irrelevant.
 */
export const recheckRecord = defineAction({
  name: "message.recheck-record",
  input: z.object({ recordId: z.uuid() }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { recordId }) {
    const [record] = await Patient.findRecordsByIds(tx, [recordId]);
    if (!record) return { record: undefined, aside: 0, back: [], held: [] };
    const { patientId } = record;
    const records = await Patient.findRecordsOfPatient(tx, patientId);
    await recheckMerges(tx, records);
    let aside = await recheckTies(tx, await findTiedStudies(tx, { patientId }));
    for (const request of await Request.findRequestsOfPatient(tx, patientId))
      aside += await putOthersReportsAside(tx, { ...request, patientId });
    const back = await retryWaiting(tx, records);
    const held = await findObjectKeys(
      tx,
      back.map(({ item }) => item.inboxItemId),
    );
    return { record, aside, back, held };
  },
  async after(ctx, { aside, back, held }) {
    // One that was put aside a moment ago may not lie there yet.
    for (const message of held) await Ingest.holdForAPerson(ctx, message);
    for (const { item, key } of back) await Ingest.sendBack(ctx, key, item);
    return { aside, retried: back.length };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) =>
      done?.record && done.aside + done.back.length > 0
        ? {
            custodian: done.record.custodian,
            patientId: done.record.patientId,
            detail: { aside: done.aside, retried: done.back.length },
          }
        : [],
  },
});
