import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { AskedEvents, filterOf } from "./asked-events.ts";
import { csvLine } from "./csv-line.ts";
import { mayReview } from "./review.policy.ts";

const PAGE = 500;
const HEAD = [
  "time",
  "person or system",
  "role",
  "trust",
  "what",
  "action",
  "outcome",
  "reason",
  "purpose",
  "patient id",
  "study id",
  "held by",
  "door",
  "from address",
  "from system",
  "session",
];

const lineOf = (row: Audit.AuditRecord): string =>
  csvLine(
    [
      row.at.toISOString(),
      row.actorId,
      row.role,
      row.organisation,
      row.verb,
      row.action,
      row.outcome,
      row.reason,
      row.purpose,
      row.patientId,
      row.studyId,
      row.custodian,
      row.door,
      row.fromAddress,
      row.fromSystem,
      row.sessionId,
    ].map((cell) => cell ?? ""),
  );

/**
 * The same events as a file, in pages of 500 whose texts follow one another: CSV that no spreadsheet takes for a formula, or
 * FHIR AuditEvents after IHE BALP, one a line. A taking out, and on the audit as one.
 */
export const exportEvents = defineAction({
  name: "review.export-events",
  purpose: "audit",
  input: AskedEvents.extend({ as: z.enum(["csv", "balp"]) }),
  policy: mayReview,
  load: async () => null,
  async run(tx, asked) {
    const filter = await filterOf(tx, asked, organisationOf(tx.actor) ?? "");
    const found = await Audit.findEvents(tx, filter, PAGE + 1);
    return { rows: found.slice(0, PAGE), isMore: found.length > PAGE };
  },
  async after(_ctx, { rows, isMore }, { as, before }) {
    const lines =
      as === "csv"
        ? [...(before ? [] : [csvLine(HEAD)]), ...rows.map(lineOf)]
        : rows.map((row) => `${JSON.stringify(Audit.auditEventOf(row, Audit.KEPT_BY))}\n`);
    const last = rows.at(-1);
    return {
      text: lines.join(""),
      rows: rows.length,
      next: isMore && last ? { at: last.at.toISOString(), id: last.id } : undefined,
    };
  },
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ of, as }, done) => ({ detail: { of: of.by, as, rows: done?.rows.length ?? 0 } }),
  },
});
