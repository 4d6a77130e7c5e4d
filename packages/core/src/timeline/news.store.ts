import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedSeries } from "../study/index.ts";

export type RawNews = {
  id: string;
  custodian: string;
  accessionNumber: string | undefined;
  accessionIssuer: string | undefined;
  patientId: string;
  site: string | undefined;
  hasImages: boolean;
  hasReport: boolean;
  /** Of other readers, whether or not they reach this one yet. */
  hasMarks: boolean;
  isCorrected: boolean;
};

type Row = Omit<RawNews, "accessionNumber" | "accessionIssuer" | "site"> & {
  accessionNumber: string | null;
  accessionIssuer: string | null;
  site: string | null;
};

const e = Prisma.raw("e");

/** Of these studies, those that this person has opened before: what came to them since. */
export async function findSinceLook(tx: Tx, studyIds: readonly string[]): Promise<RawNews[]> {
  if (studyIds.length === 0) return [];
  const rows = await databaseOf(tx).$queryRaw<Row[]>`
    SELECT s.id::text, s.custodian, s.accession_number AS "accessionNumber", s.accession_issuer AS "accessionIssuer",
      s.patient_id::text AS "patientId", s.site, coalesce(s.corrected_at > l.looked_at, false) AS "isCorrected",
      EXISTS (SELECT 1 FROM series e WHERE e.study_id = s.id AND ${isServedSeries(e)} AND e.last_arrived_at > l.looked_at) AS "hasImages",
      EXISTS (SELECT 1 FROM report r JOIN report_version v ON v.report_id = r.id
        WHERE r.custodian = s.custodian AND r.accession_number = s.accession_number AND r.patient_id = s.patient_id
          AND (s.accession_issuer IS NULL OR r.issuer = s.accession_issuer)
          AND v.aside_at IS NULL AND v.received_at > l.looked_at) AS "hasReport",
      EXISTS (SELECT 1 FROM mark m JOIN patient_record p ON p.id = m.patient_record_id
        WHERE m.study_id = s.id AND m.author_id <> l.person_id AND m.kind <> 'view' AND m.withdrawn_at IS NULL
          AND m.published_at > l.looked_at AND p.patient_id = s.patient_id) AS "hasMarks"
    FROM study_look l JOIN study s ON s.id = l.study_id
    WHERE l.person_id = ${tx.actor.id} AND l.study_id = ANY (${[...studyIds]}::uuid[])`;
  return rows.map(({ accessionNumber, accessionIssuer, site, ...row }) => ({
    ...row,
    accessionNumber: accessionNumber ?? undefined,
    accessionIssuer: accessionIssuer ?? undefined,
    site: site ?? undefined,
  }));
}
