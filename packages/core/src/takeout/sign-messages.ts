import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Reporting from "../reporting/index.ts";
import * as Study from "../study/index.ts";
import { mayTakeOut } from "./takeout.policy.ts";
import { Whose } from "./takeout.ts";
import { recordFacts } from "./taking-facts.ts";

/**
 * The messages that a record's reports came in, each with a URL of its bytes as received.
 *
 * @throws {NotFound} `RECORD_NOT_FOUND`
 */
export const signMessages = defineAction({
  name: "takeout.sign-messages",
  purpose: "operations",
  input: z.object({ whose: Whose, recordId: z.uuid() }),
  policy: mayTakeOut,
  load: (tx, asked) => recordFacts(tx, asked),
  async run(tx, { recordId }, { custodian, record }) {
    const reports = await Reporting.findReportsOfRecord(tx, custodian, recordId);
    const messages = reports.flatMap(({ versions }) =>
      versions.map(({ id, objectKey }) => ({ id, objectKey })),
    );
    return { custodian, patientId: record.patientId, messages };
  },
  async after(ctx, { messages }) {
    const grant = Study.grantAt(ctx.service.now());
    const signed = messages.map(async ({ id, objectKey }) => ({
      versionId: id,
      url: await ctx.service.ports.archive.signGet(objectKey, {
        ...grant,
        contentType: "application/hl7-v2",
      }),
    }));
    return Promise.all(signed);
  },
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: (_input, done) =>
      done
        ? {
            custodian: done.custodian,
            patientId: done.patientId,
            detail: { messages: done.messages.length },
          }
        : {},
  },
});
