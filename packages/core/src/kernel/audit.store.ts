import { organisationOf } from "./actor.ts";
import type { AuditSubject, AuditVerb } from "./audit.ts";
import type { Ctx } from "./ctx.ts";
import { databaseOf, type Tx } from "./tx.ts";

export type AuditOutcome = "success" | "denied" | "failure";

export type AuditRow = {
  action: string;
  verb: AuditVerb;
  outcome: AuditOutcome;
  reason?: string;
  subject: AuditSubject;
};

const COALESCE_MINUTES = 15;

const recordOf = (row: AuditRow) => ({
  action: row.action,
  verb: row.verb,
  outcome: row.outcome,
  reason: row.reason ?? null,
  patient_id: row.subject.patientId ?? null,
  study_id: row.subject.studyId ?? null,
  custodian: row.subject.custodian ?? null,
  ...(row.subject.detail ? { detail: row.subject.detail } : {}),
});

export async function appendAudit(tx: Tx, ctx: Ctx, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { actor, purpose = null, door, correlationId } = ctx;
  const role = actor.kind === "person" ? actor.role : null;
  await databaseOf(tx).$executeRaw`
    INSERT INTO audit_event (id, action, verb, outcome, reason, actor_kind, actor_id, role, organisation, purpose,
      patient_id, study_id, custodian, door, correlation_id, detail)
    SELECT uuidv7(), r.action, r.verb, r.outcome, r.reason, ${actor.kind}, ${actor.id}, ${role}, ${organisationOf(actor)}, ${purpose},
      r.patient_id, r.study_id, r.custodian, ${door}, ${correlationId}, r.detail
    FROM jsonb_to_recordset(${JSON.stringify(rows.map(recordOf))}::jsonb) AS r(action text, verb text, outcome text,
      reason text, patient_id uuid, study_id uuid, custodian text, detail jsonb)`;
}

/** Whether this person's same look, for the same trust, is on the record already in the last 15 minutes. */
export async function wasAuditedLately(tx: Tx, ctx: Ctx, row: AuditRow): Promise<boolean> {
  const since = new Date(tx.now.getTime() - COALESCE_MINUTES * 60_000);
  const found = await databaseOf(tx).auditEvent.findFirst({
    where: {
      actorId: ctx.actor.id,
      organisation: organisationOf(ctx.actor),
      action: row.action,
      verb: row.verb,
      outcome: row.outcome,
      patientId: row.subject.patientId ?? null,
      studyId: row.subject.studyId ?? null,
      at: { gte: since },
    },
    select: { id: true },
  });
  return found !== null;
}
