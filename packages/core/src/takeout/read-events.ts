import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { defineAction } from "../kernel/index.ts";
import { mayTakeOut } from "./takeout.policy.ts";
import { Whose } from "./takeout.ts";
import { recordFacts, takingFacts } from "./taking-facts.ts";

const PAGE = 500;

/** A patient reads who looked by role and trust: whose name and workstation it was is the trust's to give (clinical page §21). */
const withoutName = (row: Audit.AuditRecord): Audit.AuditRecord => ({
  ...row,
  ...(row.actorKind === "person" ? { actorId: row.role ?? "member of staff" } : {}),
  fromAddress: null,
  sessionId: null,
});

/**
 * Who looked, as FHIR AuditEvents after IHE BALP, in pages of 500, the newest first: of one record; or, of a trust that leaves
 * and without a record, what was done that was of no patient.
 *
 * @throws {NotFound} `RECORD_NOT_FOUND`
 */
export const readEvents = defineAction({
  name: "takeout.read-events",
  purpose: "operations",
  input: z.object({
    whose: Whose,
    recordId: z.uuid().nullish(),
    before: z.object({ at: z.iso.datetime(), id: z.uuid() }).nullish(),
  }),
  policy: mayTakeOut,
  async load(tx, { whose, recordId }) {
    if (recordId) return recordFacts(tx, { whose, recordId });
    return { ...(await takingFacts(tx, whose)), record: undefined };
  },
  async run(tx, { whose, before }, { custodian, record }) {
    // Of one person's record without naming it there is nothing: only a trust has events of its own.
    if (!record && whose.kind !== "trust") return { custodian, rows: [], patientId: undefined };
    const of = record ? { patientIds: [record.patientId], isOwnPatient: true } : { isOfNobody: true };
    const until = before ? { before: { at: new Date(before.at), id: before.id } } : {};
    const rows = await Audit.findEvents(tx, { trust: custodian, ...of, ...until }, PAGE + 1);
    return { custodian, rows, patientId: record?.patientId };
  },
  async after(_ctx, { rows }, { whose }) {
    const page = rows.slice(0, PAGE);
    const last = page.at(-1);
    const shown = whose.kind === "trust" ? page : page.map(withoutName);
    return {
      events: shown.map((row) => Audit.auditEventOf(row, Audit.KEPT_BY)),
      next: rows.length > PAGE && last ? { at: last.at.toISOString(), id: last.id } : undefined,
    };
  },
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: (_input, done) =>
      done
        ? {
            custodian: done.custodian,
            ...(done.patientId ? { patientId: done.patientId } : {}),
            detail: { events: Math.min(done.rows.length, PAGE) },
          }
        : {},
  },
});
