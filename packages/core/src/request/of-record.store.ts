import { databaseOf, type Tx } from "../kernel/tx.ts";

/** A custodian's requests for one record, as the last message about each says. */
export async function findRequestsOfRecord(tx: Tx, custodian: string, patientRecordId: string) {
  return databaseOf(tx).imagingRequest.findMany({
    where: { custodian, patientRecordId, asideAt: null },
    select: {
      id: true,
      accessionNumber: true,
      issuer: true,
      procedureCode: true,
      procedureText: true,
      bodyPart: true,
      laterality: true,
      referrer: true,
      priority: true,
      question: true,
      state: true,
      requestedAt: true,
      messageAt: true,
    },
    orderBy: { id: "asc" },
  });
}
