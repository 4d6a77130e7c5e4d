import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isRequestOfAnother } from "../request/index.ts";
import type { ReportMessage } from "./read-message.ts";
import { REPORT_STATUSES, type ReportVersion } from "./report.ts";

export type NewVersion = {
  custodian: string;
  patientRecordId: string;
  patientId: string;
  report: ReportMessage;
  messageAt: Date;
  messageId: string;
  objectKey: string;
};

export type StudyTie = { studyId: string; patientId: string };

/** The study that an accession number stands for in this trust. Without a stated issuer the trust's own is meant. */
export async function findStudiesByAccession(
  tx: Tx,
  custodian: string,
  accessionNumber: string,
  issuer: string,
): Promise<StudyTie[]> {
  const rows = await databaseOf(tx).study.findMany({
    where: {
      custodian,
      accessionNumber,
      rejectedAt: null,
      OR: [{ accessionIssuer: issuer }, { accessionIssuer: null }],
    },
    select: { id: true, patientId: true },
  });
  return rows.map(({ id, patientId }) => ({ studyId: id, patientId }));
}

export type WrittenVersion = "written" | "duplicate" | "other-patient";

const keyOf = ({ custodian, report }: NewVersion) => ({
  custodian_issuer_fillerNumber: { custodian, issuer: report.issuer, fillerNumber: report.fillerNumber },
});

/** A report's next version, numbered as it came; the newest is found by the message's own time. */
export async function writeVersion(tx: Tx, came: NewVersion): Promise<WrittenVersion> {
  const db = databaseOf(tx);
  const { custodian, patientRecordId, patientId, report } = came;
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`report:${custodian}|${report.issuer}|${report.fillerNumber}`}, 0))::text`;
  const known = await db.report.findUnique({
    where: keyOf(came),
    select: { id: true, patientId: true, versions: { select: { messageId: true } } },
  });
  if (known && known.patientId !== patientId) return "other-patient";
  if (known?.versions.some(({ messageId }) => messageId === came.messageId)) return "duplicate";
  const { accessionNumber, issuer, fillerNumber } = report;
  const head =
    known ??
    (await db.report.create({
      data: { custodian, accessionNumber, issuer, fillerNumber, patientRecordId, patientId },
      select: { id: true },
    }));
  await db.reportVersion.create({
    data: {
      reportId: head.id,
      custodian,
      version: (known?.versions.length ?? 0) + 1,
      status: report.status,
      author: report.author ?? null,
      authorRole: report.authorRole ?? null,
      text: report.text,
      reportedAt: report.reportedAt,
      messageAt: came.messageAt,
      messageId: came.messageId,
      objectKey: came.objectKey,
      receivedAt: tx.now,
    },
    select: { id: true },
  });
  return "written";
}

/** Whether a report or a request of somebody else stands under this accession number. Whose it is stays unsaid. */
export async function isTiedToAnother(
  tx: Tx,
  where: { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string },
): Promise<boolean> {
  const { custodian, accessionNumber, issuer, patientId } = where;
  const of = { custodian, accessionNumber, ...(issuer ? { issuer } : {}), patientId: { not: patientId } };
  const report = await databaseOf(tx).report.findFirst({ where: of, select: { id: true } });
  return report !== null || (await isRequestOfAnother(tx, where));
}

/** Every version of the reports for an accession number, the newest by the message's time first. */
export async function findVersions(
  tx: Tx,
  where: { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string },
): Promise<ReportVersion[]> {
  const { issuer, ...rest } = where;
  const rows = await databaseOf(tx).reportVersion.findMany({
    where: { report: { ...rest, ...(issuer ? { issuer } : {}) } },
    select: {
      version: true,
      status: true,
      author: true,
      authorRole: true,
      custodian: true,
      text: true,
      reportedAt: true,
    },
    orderBy: [{ messageAt: "desc" }, { version: "desc" }],
  });
  return rows.map(({ custodian, ...row }) => ({
    ...row,
    status: REPORT_STATUSES.find((status) => status === row.status) ?? "preliminary",
    author: row.author ?? undefined,
    authorRole: row.authorRole ?? undefined,
    trust: custodian,
    reportedAt: row.reportedAt.toISOString(),
  }));
}
