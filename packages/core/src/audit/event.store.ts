import { Prisma } from "@weald/db";
import type { AuditVerb } from "../kernel/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { AuditRecord } from "./record.ts";
import type { SpooledRow } from "./spooled-row.ts";

/** Rows that are there already are left as they are: the same object may be merged again. */
export async function insertSpooled(tx: Tx, rows: readonly SpooledRow[]): Promise<number> {
  const data = rows.map(({ detail, ...row }) => ({
    ...row,
    ...(detail ? { detail: detail as object } : {}),
  }));
  const { count } = await databaseOf(tx).auditEvent.createMany({ data, skipDuplicates: true });
  return count;
}

const MINUTES = 10;
const MOST = 1000;

/**
 * A row `displayed` for what was fetched ten minutes ago and never reported as displayed, unless it was a declared prefetch.
 * Its id comes from the fetch's: however often it is asked, there is one.
 */
export async function insertPresumed(tx: Tx): Promise<number> {
  const until = new Date(tx.now.getTime() - MINUTES * 60_000);
  return databaseOf(tx).$executeRaw(Prisma.sql`
    INSERT INTO audit_event (id, at, action, verb, outcome, actor_kind, actor_id, role, organisation, purpose, patient_id,
      study_id, custodian, door, correlation_id, from_address, from_system, session_id, detail)
    SELECT DISTINCT ON (e.actor_id, e.organisation, e.study_id, date_bin('15 minutes', e.at, 'epoch'))
      md5(e.id::text || 'displayed')::uuid, e.at, 'audit.presume-displayed', 'displayed', 'success', e.actor_kind, e.actor_id,
      e.role, e.organisation, e.purpose, e.patient_id, e.study_id, e.custodian, e.door, e.correlation_id, e.from_address,
      e.from_system, e.session_id, jsonb_build_object('presumed', true, 'of', e.id)
    FROM audit_event e
    WHERE e.verb = 'fetched-ahead' AND NOT e.is_prefetch AND e.outcome = 'success' AND e.actor_kind <> 'system'
      AND e.study_id IS NOT NULL
      AND e.at >= ${until}::timestamptz - interval '1 day' AND e.at < ${until}::timestamptz
      AND NOT EXISTS (
        SELECT 1 FROM audit_event d WHERE d.study_id = e.study_id AND d.actor_id = e.actor_id
          AND d.organisation IS NOT DISTINCT FROM e.organisation AND d.verb IN ('displayed', 'taken-out')
          AND d.outcome = 'success' AND d.at >= e.at - interval '15 minutes')
    ORDER BY e.actor_id, e.organisation, e.study_id, date_bin('15 minutes', e.at, 'epoch'), e.at
    LIMIT ${MOST}
    ON CONFLICT (id) DO NOTHING`);
}

const columns = {
  id: true,
  at: true,
  action: true,
  verb: true,
  outcome: true,
  reason: true,
  actorKind: true,
  actorId: true,
  role: true,
  organisation: true,
  purpose: true,
  patientId: true,
  studyId: true,
  custodian: true,
  door: true,
  correlationId: true,
  fromAddress: true,
  fromSystem: true,
  sessionId: true,
  isPrefetch: true,
  detail: true,
} as const;

export type EventFilter = {
  /** Whose officer asks: events of what this trust holds and of its own staff. */
  trust: string;
  /** A patient of this trust; what was asked of them as a whole, of no custodian, is theirs to see too. */
  patientIds?: readonly string[];
  isOwnPatient?: boolean;
  /** Nothing of any patient: lists, sign-ins, what was administered. */
  isOfNobody?: boolean;
  actorId?: string;
  verbs?: readonly AuditVerb[];
  outcome?: AuditRecord["outcome"];
  from?: Date;
  until?: Date;
  before?: { at: Date; id: string };
};

function whereOf(filter: EventFilter): Prisma.AuditEventWhereInput {
  const { trust, patientIds, isOwnPatient, isOfNobody, actorId, verbs, outcome, from, until, before } =
    filter;
  return {
    OR: [{ custodian: trust }, { organisation: trust }, ...(isOwnPatient ? [{ custodian: null }] : [])],
    ...(patientIds ? { patientId: { in: [...patientIds] } } : {}),
    ...(isOfNobody ? { patientId: null } : {}),
    ...(actorId ? { actorId } : {}),
    ...(verbs ? { verb: { in: [...verbs] } } : {}),
    ...(outcome ? { outcome } : {}),
    at: { ...(from ? { gte: from } : {}), ...(until ? { lt: until } : {}) },
    ...(before
      ? { AND: [{ OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: before.id } }] }] }
      : {}),
  };
}

/** Newest first. */
export async function findEvents(tx: Tx, filter: EventFilter, limit: number): Promise<AuditRecord[]> {
  const rows = await databaseOf(tx).auditEvent.findMany({
    where: whereOf(filter),
    select: columns,
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: limit,
  });
  return rows.map(shape);
}

export type EventCount = { action: string; outcome: AuditRecord["outcome"]; events: number };

/** How often what was done, and what came of it, for one trust's staff and at what it holds. No ids. */
export const countEvents = (tx: Tx, trust: string, since: Date): Promise<EventCount[]> =>
  databaseOf(tx).$queryRaw`
    SELECT action, outcome, count(*)::int AS events FROM audit_event
    WHERE (custodian = ${trust} OR organisation = ${trust}) AND at >= ${since}::timestamptz
    GROUP BY action, outcome ORDER BY action, outcome`;

/** What the waist wrote: the words of its own types. */
function shape(row: Prisma.AuditEventGetPayload<{ select: typeof columns }>): AuditRecord {
  return row as AuditRecord;
}

/** Every look at a patient that went well, of whichever trust, oldest first: what the patient sees. */
export async function findLooksAt(
  tx: Tx,
  patientIds: readonly string[],
  verbs: readonly AuditVerb[],
  limit: number,
): Promise<AuditRecord[]> {
  const rows = await databaseOf(tx).auditEvent.findMany({
    where: { patientId: { in: [...patientIds] }, verb: { in: [...verbs] }, outcome: "success" },
    select: columns,
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: limit,
  });
  return rows.map(shape);
}

/** Looks of people at patients in a time, one a person, trust, patient and minute. For the rules of unusual access. */
export async function findLooksBetween(
  tx: Tx,
  { from, until, limit }: { from: Date; until: Date; limit: number },
): Promise<AuditRecord[]> {
  const rows = await databaseOf(tx).auditEvent.findMany({
    where: {
      at: { gte: from, lt: until },
      actorKind: "person",
      outcome: "success",
      verb: { in: ["displayed", "taken-out", "opened"] },
      patientId: { not: null },
    },
    select: columns,
    orderBy: [{ at: "asc" }, { id: "asc" }],
    take: limit,
  });
  return rows.map(shape);
}
