import { Prisma } from "@weald/db";
import type * as Access from "../access/index.ts";
import { scopeConditions } from "../access/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedSeries, isServedStudy } from "../study/index.ts";

export type NeededRow = {
  studyId: string;
  custodian: string;
  studyInstanceUid: string;
  patientId: string;
  instances: number;
  /** A copy made now would be another one in a moment. */
  isArriving: boolean;
  /** Another one whenever anything of what is served of the study is. */
  mark: string;
};

export type NeededWanted = { trust: string; scope: Access.ReadingScope; limit: number };

/** Newest studies of one patient. */
const MOST_OF_A_PATIENT = 10;
const [STUDY, SERIES] = [Prisma.sql`s`, Prisma.sql`e`];

/**
 * Why a trust needs a patient's images today: a study made, a request booked (0); somebody of the trust who has a
 * relationship in force (1): a stay, a clinic, a referral, a meeting.
 */
const patients = (trust: string, now: Date) => Prisma.sql`
  SELECT s.patient_id, 0 AS why FROM study s WHERE s.custodian = ${trust}
    AND s.studied_at BETWEEN ${now}::timestamptz - interval '48 hours' AND ${now}::timestamptz + interval '24 hours'
  UNION ALL
  SELECT r.patient_id, 0 FROM imaging_request r WHERE r.custodian = ${trust} AND r.aside_at IS NULL AND r.state <> 'cancelled'
    AND (r.scheduled_at BETWEEN ${now}::timestamptz - interval '12 hours' AND ${now}::timestamptz + interval '24 hours'
      OR (r.scheduled_at IS NULL AND coalesce(r.requested_at, r.message_at) >= ${now}::timestamptz - interval '24 hours'))
  UNION ALL
  SELECT l.patient_id, 1 FROM relationship l
    WHERE l.organisation = ${trust} AND l.study_id IS NULL AND l.starts_at <= ${now}::timestamptz AND l.ends_at > ${now}::timestamptz`;

/** What is needed most comes first: of each patient the newest study, then the one before it. */
export function findNeeded(tx: Tx, { trust, scope, limit }: NeededWanted): Promise<NeededRow[]> {
  const where = Prisma.join([isServedStudy(STUDY), ...scopeConditions(tx, scope, STUDY)], " AND ");
  return databaseOf(tx).$queryRaw<NeededRow[]>`
    WITH needed AS (
      SELECT patient_id, min(why) AS why FROM (${patients(trust, tx.now)}) n GROUP BY patient_id
    ), placed AS (
      SELECT s.id, n.why, s.studied_at,
        row_number() OVER (PARTITION BY s.patient_id ORDER BY s.studied_at DESC NULLS LAST, s.id DESC) AS place
      FROM study s JOIN needed n ON n.patient_id = s.patient_id WHERE ${where}
    ), kept AS (
      SELECT * FROM placed WHERE place <= ${MOST_OF_A_PATIENT}
      ORDER BY why, place, studied_at DESC NULLS LAST, id LIMIT ${limit}
    )
    SELECT s.id::text AS "studyId", s.custodian, s.study_instance_uid AS "studyInstanceUid",
      s.patient_id::text AS "patientId", t.instances, t.arriving AS "isArriving",
      md5(concat_ws('|', s.served_version, s.patient_record_id, s.patient_id, s.patient_number, s.patient_name,
        s.patient_name_other, s.attributes, s.overlaid, p.family, p.given, p.birth_date, p.sex, p.nhs_number, p.local_number,
        t.instances, t.versions, t.digest)) AS mark
    FROM kept k JOIN study s ON s.id = k.id JOIN patient_record p ON p.id = s.patient_record_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(e.instance_count), 0)::int AS instances, coalesce(bool_or(e.settled_at IS NULL), false) AS arriving, bit_xor(e.instance_digest) AS digest,
        string_agg(concat_ws('.', e.id, e.version, e.served_version), ',' ORDER BY e.id) AS versions
      FROM series e WHERE e.study_id = s.id AND ${isServedSeries(SERIES)}) t
    ORDER BY k.why, k.place, k.studied_at DESC NULLS LAST, k.id`;
}
