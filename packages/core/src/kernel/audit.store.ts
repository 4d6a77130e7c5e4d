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

/** As the table has it; also what the spool keeps where the table can't be written. */
export const dataOf = (ctx: Ctx, row: AuditRow) => ({
  action: row.action,
  verb: row.verb,
  outcome: row.outcome,
  reason: row.reason ?? null,
  actorKind: ctx.actor.kind,
  actorId: ctx.actor.id,
  role: ctx.actor.kind === "person" ? ctx.actor.role : null,
  organisation: organisationOf(ctx.actor),
  purpose: ctx.purpose ?? null,
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

export async function appendAudit(tx: Tx, ctx: Ctx, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  const data = rows.map((row) => dataOf(ctx, row));
  await databaseOf(tx).auditEvent.createMany({ data }).catch(notWritten);
}

/** Whether this person's same look, for the same trust, is on the record already in the last 15 minutes. */
export async function wasAuditedLately(tx: Tx, ctx: Ctx, row: AuditRow): Promise<boolean> {
  const since = new Date(tx.now.getTime() - COALESCE_MINUTES * 60_000);
  const found = await databaseOf(tx)
    .auditEvent.findFirst({
      where: {
        actorId: ctx.actor.id,
        organisation: organisationOf(ctx.actor),
        action: row.action,
        outcome: row.outcome,
        patientId: row.subject.patientId ?? null,
        studyId: row.subject.studyId ?? null,
        // A look that follows a prefetch is a look.
        isPrefetch: row.subject.isPrefetch ?? false,
        at: { gte: since },
      },
      select: { id: true },
    })
    .catch(notWritten);
  return found !== null;
}
