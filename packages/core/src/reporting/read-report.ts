import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import { maskedReport } from "./mask-report.ts";
import { findVersions, isTiedToAnother } from "./report.store.ts";
import { reportStateOf, type StudyReport } from "./report.ts";
import { mayReadReport } from "./reporting.policy.ts";

/** A study's report, the latest version first, and what was asked. */
export const read = defineAction({
  name: "reporting.read",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadReport,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId, "reports"),
  async run(tx, { studyId }, facts) {
    const { study } = facts;
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
    const mask = await Study.siteMaskFor(tx, facts);
    return { studyId, patientId, custodian, report: mask ? maskedReport(report, mask.words) : report };
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
