import { databaseOf, type Tx } from "../kernel/tx.ts";
import { compareWords } from "../patient/index.ts";
import { REPORT_STATUSES, type ReportStatus } from "./report.ts";

export type ReleasableVersion = {
  status: ReportStatus;
  text: string;
  author: string | undefined;
  reportedAt: Date;
  receivedAt: Date;
  /** What the message flagged as urgent (OBX-8). */
  alert: string | undefined;
};

type Where = { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string };

/** Versions of a study's report as its release is judged by them, the newest by the messages' own time first. */
export async function findReleasable(tx: Tx, { issuer, ...rest }: Where): Promise<ReleasableVersion[]> {
  const rows = await databaseOf(tx).reportVersion.findMany({
    where: { asideAt: null, report: { ...rest, ...(issuer ? { issuer } : {}) } },
    select: {
      ...{ status: true, text: true, author: true, reportedAt: true, receivedAt: true },
      ...{ alert: true, messageAt: true, messageId: true },
    },
  });
  const word = ({ messageAt, messageId }: (typeof rows)[number]) => ({ at: messageAt, id: messageId });
  return rows
    .toSorted((a, b) => compareWords(word(b), word(a)))
    .map(({ messageAt: _at, messageId: _id, alert, status, author, ...row }) => ({
      ...row,
      status: REPORT_STATUSES.find((one) => one === status) ?? "preliminary",
      author: author ?? undefined,
      alert: alert ?? undefined,
    }));
}
