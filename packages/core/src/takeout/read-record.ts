import { z } from "zod";
import { type AuditSubject, defineAction, type Tx } from "../kernel/index.ts";
import * as Reporting from "../reporting/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import { mayTakeOut } from "./takeout.policy.ts";
import { Whose } from "./takeout.ts";
import { recordFacts, type Taking } from "./taking-facts.ts";

/** An overlay by the UIDs of what it corrects. */
async function overlaysOf(tx: Tx, study: Study.StudyToTake) {
  const overlays = await Study.findOverlays(tx, study.id);
  const uids = await Study.findUidsOf(
    tx,
    overlays.map(({ targetId }) => targetId),
  );
  return overlays.map(({ level, targetId, version, attributes, reason, writtenAt }) => ({
    level,
    studyInstanceUid: study.studyInstanceUid,
    ...uids.get(targetId),
    targetId,
    version,
    attributes,
    reason,
    writtenAt: writtenAt.toISOString(),
  }));
}

/** Of a person who asks, what is served of them: what was rejected, or may be somebody else's, isn't theirs to have. */
export const isToTake = (study: Study.StudyToTake, of: "trust" | "patient"): boolean =>
  of === "trust" || (study.rejectedAt === null && study.withheldAt === null);

async function studiesOf(tx: Tx, { custodian, of }: Taking, recordId: string) {
  const found = await Study.findStudiesToTake(tx, custodian, recordId);
  const studies = [];
  for (const study of found.filter((one) => isToTake(one, of))) {
    const { rejectedAt, withheldAt, studiedAt, ...rest } = study;
    studies.push({
      ...rest,
      isSetAside: rejectedAt !== null || withheldAt !== null,
      studiedAt: studiedAt?.toISOString() ?? null,
      series: await Study.findSeriesToTake(tx, study.id),
      overlays: await overlaysOf(tx, study),
    });
  }
  return studies;
}

async function reportsOf(tx: Tx, custodian: string, recordId: string) {
  const reports = await Reporting.findReportsOfRecord(tx, custodian, recordId);
  return reports.map(({ versions, ...report }) => ({
    ...report,
    versions: versions.map(({ objectKey: _key, ...version }) => ({
      ...version,
      reportedAt: version.reportedAt.toISOString(),
    })),
  }));
}

async function requestsOf(tx: Tx, custodian: string, recordId: string) {
  const requests = await Request.findRequestsOfRecord(tx, custodian, recordId);
  return requests.map(({ requestedAt, messageAt, ...request }) => ({
    ...request,
    requestedAt: requestedAt?.toISOString() ?? null,
    messageAt: messageAt.toISOString(),
  }));
}

export type TakenRecord = Awaited<ReturnType<typeof readRecord>>;

/**
 * All that the trust holds under one record but for the images themselves: who it is, studies with their corrections,
 * requests, and every version of every report.
 *
 * @throws {NotFound} `RECORD_NOT_FOUND`
 */
export const readRecord = defineAction({
  name: "takeout.read-record",
  purpose: "operations",
  input: z.object({ whose: Whose, recordId: z.uuid() }),
  policy: mayTakeOut,
  load: (tx, asked) => recordFacts(tx, asked),
  async run(tx, { recordId }, facts) {
    const { custodian, record } = facts;
    return {
      custodian,
      identity: record.identity,
      studies: await studiesOf(tx, facts, recordId),
      requests: await requestsOf(tx, custodian, recordId),
      reports: await reportsOf(tx, custodian, recordId),
    };
  },
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ whose }, done): AuditSubject =>
      done
        ? {
            custodian: done.custodian,
            patientId: done.identity.patientId,
            detail: {
              of: whose.kind,
              studies: done.studies.length,
              requests: done.requests.length,
              reports: done.reports.length,
            },
          }
        : { detail: { of: whose.kind } },
  },
});
