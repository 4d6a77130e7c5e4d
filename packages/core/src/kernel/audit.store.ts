import { organisationOf } from "./actor.ts";
import type { AuditSubject, AuditVerb } from "./audit.ts";
import type { Ctx } from "./ctx.ts";
import type { Purpose } from "./purpose.ts";
import { databaseOf, type Tx } from "./tx.ts";

export type AuditOutcome = "success" | "denied" | "failure";

export type AuditRow = {
  action: string;
  verb: AuditVerb;
  outcome: AuditOutcome;
  reason?: string;
  /** Where it isn't the request's own. */
  purpose?: Purpose;
  subject: AuditSubject;
};

const COALESCE_MINUTES = 15;

/** What a row says beside who asks: as the table has it. */
const recordOf = (row: AuditRow) => ({
  action: row.action,
  verb: row.verb,
  outcome: row.outcome,
  reason: row.reason ?? null,
  purpose: row.purpose ?? null,
  patient_id: row.subject.patientId ?? null,
  study_id: row.subject.studyId ?? null,
  custodian: row.subject.custodian ?? null,
  is_prefetch: row.subject.isPrefetch ?? false,
  ...(row.subject.detail ? { detail: row.subject.detail } : {}),
});

/** The whole of a row, as the spool keeps it where the table can't be written. */
export const dataOf = (ctx: Ctx, row: AuditRow) => ({
  action: row.action,
  verb: row.verb,
  outcome: row.outcome,
  reason: row.reason ?? null,
  actorKind: ctx.actor.kind,
  actorId: ctx.actor.id,
  role: ctx.actor.kind === "person" ? ctx.actor.role : null,
  organisation: organisationOf(ctx.actor),
  purpose: row.purpose ?? ctx.purpose ?? null,
  patientId: row.subject.patientId ?? null,
  studyId: row.subject.studyId ?? null,
  custodian: row.subject.custodian ?? null,
  door: ctx.door,
  correlationId: ctx.correlationId,
  fromAddress: ctx.source?.address ?? null,
  fromSystem: ctx.source?.system ?? null,
  sessionId: ctx.session?.id ?? null,
  isPrefetch: row.subject.isPrefetch ?? false,
  ...(row.subject.detail ? { detail: row.subject.detail } : {}),
});

/** The audit was not written, and with it the transaction. What the database retries it finds in the cause. */
export class AuditNotWritten extends Error {
  readonly code = "AUDIT_NOT_WRITTEN";
  constructor(cause: unknown) {
    super("the audit row was not written", { cause });
  }
}

/** A transaction that ran out of its time says nothing about the audit. */
const isOutOfTime = (error: unknown) => error instanceof Error && "code" in error && error.code === "P2028";

const notWritten = (error: unknown): never => {
  throw isOutOfTime(error) ? error : new AuditNotWritten(error);
};

/**
 * `coalesced`: a row is not put there where this person's same look, for the same trust, is on the record of the last 15 minutes; one row alone,
 * since none of a statement sees another of it. Who broke the glass looks for another reason than before, and a look that follows a prefetch is a look.
 */
export async function appendAudit(
  tx: Tx,
  ctx: Ctx,
  rows: readonly AuditRow[],
  how: "each" | "coalesced" = "each",
): Promise<void> {
  if (rows.length === 0) return;
  const { actor, purpose = null, door, correlationId, source = {}, session } = ctx;
  const role = actor.kind === "person" ? actor.role : null;
  const since = new Date(tx.now.getTime() - COALESCE_MINUTES * 60_000);
  const inserted = databaseOf(tx).$executeRaw`
    INSERT INTO audit_event (id, action, verb, outcome, reason, actor_kind, actor_id, role, organisation, purpose,
      patient_id, study_id, custodian, door, correlation_id, from_address, from_system, session_id, is_prefetch, detail)
    SELECT uuidv7(), r.action, r.verb, r.outcome, r.reason, ${actor.kind}, ${actor.id}, ${role}, ${organisationOf(actor)}, coalesce(r.purpose, ${purpose}),
      r.patient_id, r.study_id, r.custodian, ${door}, ${correlationId}, ${source.address ?? null}, ${source.system ?? null},
      ${session?.id ?? null}, r.is_prefetch, r.detail
    FROM jsonb_to_recordset(${JSON.stringify(rows.map(recordOf))}::jsonb) AS r(action text, verb text, outcome text,
      reason text, purpose text, patient_id uuid, study_id uuid, custodian text, is_prefetch boolean, detail jsonb)
    WHERE NOT (${how === "coalesced"} AND EXISTS (
      SELECT 1 FROM audit_event a WHERE a.actor_id = ${actor.id} AND a.at >= ${since}::timestamptz
        AND (a.action, a.verb, a.outcome, a.is_prefetch) = (r.action, r.verb, r.outcome, r.is_prefetch)
        AND (a.organisation, a.patient_id, a.study_id, a.purpose)
          IS NOT DISTINCT FROM (${organisationOf(actor)}, r.patient_id, r.study_id, coalesce(r.purpose, ${purpose}))))`;
  await inserted.catch(notWritten);
}
