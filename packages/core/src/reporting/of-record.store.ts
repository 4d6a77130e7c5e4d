import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Every version of a custodian's reports on one record, by the time of its message, with the message that each came in. */
export async function findReportsOfRecord(tx: Tx, custodian: string, patientRecordId: string) {
  const reports = await databaseOf(tx).report.findMany({
    where: { custodian, patientRecordId },
    select: {
      id: true,
      accessionNumber: true,
      issuer: true,
      fillerNumber: true,
      versions: {
        select: {
          id: true,
          version: true,
          status: true,
          author: true,
          authorRole: true,
          text: true,
          reportedAt: true,
          objectKey: true,
        },
        // What waits for a person is nobody's report yet.
        where: { asideAt: null },
        orderBy: [{ messageAt: "asc" }, { version: "asc" }],
      },
    },
    orderBy: { id: "asc" },
  });
  return reports;
}
