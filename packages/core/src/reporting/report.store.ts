import { isMessageWaiting } from "../ingest/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { compareWords } from "../patient/index.ts";
import { isRequestOfAnother } from "../request/index.ts";
import { REPORT_STATUSES, type ReportVersion, type StatedReport } from "./report.ts";

export type NewVersion = {
  custodian: string;
  patientRecordId: string;
  patientId: string;
  report: StatedReport;
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

export type TiedStudy = {
  studyId: string;
  custodian: string;
  accessionNumber: string;
  issuer: string | undefined;
  patientId: string;
};

/** What requests and reports may be tied to: one study, or all of a patient. */
export async function findTiedStudies(
  tx: Tx,
  of: { studyId: string } | { patientId: string },
): Promise<TiedStudy[]> {
  const rows = await databaseOf(tx).study.findMany({
    where: {
      accessionNumber: { not: null },
      rejectedAt: null,
      ...("studyId" in of ? { id: of.studyId } : of),
    },
    select: { id: true, custodian: true, accessionNumber: true, accessionIssuer: true, patientId: true },
  });
  return rows.flatMap(({ id, accessionNumber, accessionIssuer, ...row }) =>
    accessionNumber ? [{ ...row, studyId: id, accessionNumber, issuer: accessionIssuer ?? undefined }] : [],
  );
}

export type WrittenVersion = "written" | "duplicate" | "other-patient";

const keyOf = ({ custodian, report }: NewVersion) => ({
  custodian_issuer_fillerNumber: { custodian, issuer: report.issuer, fillerNumber: report.fillerNumber },
});

type Known = {
  id: string;
  patientId: string;
  versions: { id: string; version: number; messageId: string; messageAt: Date; asideAt: Date | null }[];
};

/** The report as it stands: its owner is whom its versions name that are not put aside. */
async function createOrTakeOver(tx: Tx, known: Known | undefined, came: NewVersion): Promise<string> {
  const { custodian, patientRecordId, patientId, report } = came;
  const { accessionNumber, issuer, fillerNumber } = report;
  const db = databaseOf(tx).report;
  if (!known) {
    const data = { custodian, accessionNumber, issuer, fillerNumber, patientRecordId, patientId };
    return (await db.create({ data, select: { id: true } })).id;
  }
  const word = { at: came.messageAt, id: came.messageId };
  const isNewest = known.versions.every(
    ({ messageAt, messageId, asideAt }) =>
      asideAt || compareWords({ at: messageAt, id: messageId }, word) < 0,
  );
  if (isNewest)
    await db.update({
      where: { id: known.id },
      data: { accessionNumber, patientRecordId, patientId },
      select: { id: true },
    });
  return known.id;
}

/** A report's next version, numbered as it came; the newest is found by the message's own time. */
export async function writeVersion(tx: Tx, came: NewVersion): Promise<WrittenVersion> {
  const db = databaseOf(tx);
  const { custodian, patientId, report } = came;
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`report:${custodian}|${report.issuer}|${report.fillerNumber}`}, 0))::text`;
  const known = await db.report.findUnique({
    where: keyOf(came),
    select: {
      id: true,
      patientId: true,
      versions: { select: { id: true, version: true, messageId: true, messageAt: true, asideAt: true } },
    },
  });
  const standing = known?.versions.filter(({ asideAt }) => !asideAt) ?? [];
  if (known && standing.length > 0 && known.patientId !== patientId) return "other-patient";
  const same = known?.versions.find(({ messageId }) => messageId === came.messageId);
  if (same && !same.asideAt) return "duplicate";
  const reportId = await createOrTakeOver(tx, known ?? undefined, came);
  if (same) {
    await db.reportVersion.update({ where: { id: same.id }, data: { asideAt: null }, select: { id: true } });
    return "written";
  }
  await db.reportVersion.create({
    data: {
      reportId,
      custodian,
      version: Math.max(0, ...(known?.versions.map(({ version }) => version) ?? [])) + 1,
      status: report.status,
      author: report.author ?? null,
      authorRole: report.authorRole ?? null,
      text: report.text,
      alert: report.alert ?? null,
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

export type ReportKey = { custodian: string; issuer: string; fillerNumber: string };
type Tied = { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string };

/** The reports of somebody else that stand under an accession number. */
export async function findReportsOfOthers(tx: Tx, tied: Tied): Promise<ReportKey[]> {
  const { custodian, accessionNumber, issuer, patientId } = tied;
  return databaseOf(tx).report.findMany({
    where: {
      custodian,
      accessionNumber,
      ...(issuer ? { issuer } : {}),
      patientId: { not: patientId },
      versions: { some: { asideAt: null } },
    },
    select: { custodian: true, issuer: true, fillerNumber: true },
  });
}

/** Shown nowhere from now on, until a person has decided. What was received stays. */
export async function putReportAside(tx: Tx, key: ReportKey): Promise<void> {
  await databaseOf(tx).reportVersion.updateMany({
    where: { report: key, asideAt: null },
    data: { asideAt: tx.now },
  });
}

/** Whether a report or a request of somebody else stands under this accession number or waits for a person. Whose it is stays unsaid. */
export async function isTiedToAnother(
  tx: Tx,
  where: { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string },
): Promise<boolean> {
  const { custodian, accessionNumber } = where;
  const codes = ["REPORT_PATIENT_MISMATCH", "REQUEST_PATIENT_MISMATCH"];
  return (
    (await findReportsOfOthers(tx, where)).length > 0 ||
    (await isRequestOfAnother(tx, where)) ||
    (await isMessageWaiting(tx, { custodian, accessionNumber, codes }))
  );
}

/** Every version of the reports for an accession number, the newest by the message's time first. */
export async function findVersions(
  tx: Tx,
  where: { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string },
): Promise<ReportVersion[]> {
  const { issuer, ...rest } = where;
  const rows = await databaseOf(tx).reportVersion.findMany({
    where: { asideAt: null, report: { ...rest, ...(issuer ? { issuer } : {}) } },
    select: {
      version: true,
      messageAt: true,
      messageId: true,
      status: true,
      author: true,
      authorRole: true,
      custodian: true,
      text: true,
      reportedAt: true,
    },
  });
  const word = ({ messageAt, messageId }: (typeof rows)[number]) => ({ at: messageAt, id: messageId });
  const newestFirst = rows.toSorted((a, b) => compareWords(word(b), word(a)));
  // Numbered as they were written, not as they came.
  return newestFirst.map(({ custodian, messageAt: _at, messageId: _id, ...row }, index) => ({
    ...row,
    version: newestFirst.length - index,
    status: REPORT_STATUSES.find((status) => status === row.status) ?? "preliminary",
    author: row.author ?? undefined,
    authorRole: row.authorRole ?? undefined,
    trust: custodian,
    reportedAt: row.reportedAt.toISOString(),
  }));
}
