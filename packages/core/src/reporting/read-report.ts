import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import { findVersions, isTiedToAnother } from "./report.store.ts";
import { type ReportState, type ReportVersion, reportStateOf } from "./report.ts";
import { mayReadReport } from "./reporting.policy.ts";

export type StudyReport = {
  state: ReportState;
  /** The latest first. */
  versions: ReportVersion[];
  /** A report or request under this accession number names another patient: one of the two is wrong, and a person must look. */
  isTiedToAnother: boolean;
  request:
    | {
        accessionNumber: string;
        procedure: string;
        question: string | undefined;
        referrer: string | undefined;
        priority: string;
        state: string;
        requestedAt: string | undefined;
      }
    | undefined;
};

/** A study's report, the latest version first, and what was asked. */
export const read = defineAction({
  name: "reporting.read",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadReport,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId, "reports"),
  async run(tx, { studyId }, { study }) {
    const { custodian, accessionNumber, accessionIssuer: issuer, patientId } = study;
    const where = accessionNumber ? { custodian, accessionNumber, issuer } : undefined;
    const versions = where ? await findVersions(tx, { ...where, patientId }) : [];
    // Another patient's request under the same accession number is not this study's.
    const request = where && (await Request.findRequest(tx, { ...where, patientId }));
    const report: StudyReport = {
      state: reportStateOf(versions[0]?.status, request !== undefined),
      versions,
      isTiedToAnother: where !== undefined && (await isTiedToAnother(tx, { ...where, patientId })),
      request: request && {
        accessionNumber: request.accessionNumber,
        procedure: request.procedureText,
        question: request.question,
        referrer: request.referrer,
        priority: request.priority,
        state: request.state,
        requestedAt: request.requestedAt?.toISOString(),
      },
    };
    return { studyId, patientId, custodian, report };
  },
  after: async (_ctx, { report }) => report,
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done
        ? { patientId: done.patientId, custodian: done.custodian, detail: { report: done.report.state } }
        : {}),
    }),
  },
});
