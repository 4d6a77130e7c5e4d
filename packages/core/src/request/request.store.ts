import { databaseOf, type Tx } from "../kernel/tx.ts";
import { type ImagingRequest, PRIORITIES, REQUEST_STATES } from "./request.ts";

export type NewRequest = ImagingRequest & {
  custodian: string;
  patientRecordId: string;
  patientId: string;
  messageAt: Date;
  messageId: string;
};

const keyOf = ({
  custodian,
  issuer,
  accessionNumber,
}: {
  custodian: string;
  issuer: string;
  accessionNumber: string;
}) => ({
  custodian_issuer_accessionNumber: { custodian, issuer, accessionNumber },
});

export type Written = "written" | "older" | "duplicate" | "other-patient";

const optional = (request: NewRequest) => ({
  bodyPart: request.bodyPart ?? null,
  laterality: request.laterality ?? null,
  referrer: request.referrer ?? null,
  question: request.question ?? null,
  requestedAt: request.requestedAt ?? null,
});

/** The last word by the message's own time: an older message never overwrites a newer one, whatever order they come in. */
export async function writeRequest(tx: Tx, request: NewRequest): Promise<Written> {
  const db = databaseOf(tx);
  const known = await db.imagingRequest.findUnique({
    where: keyOf(request),
    select: { id: true, messageAt: true, messageId: true, patientId: true },
  });
  if (!known) {
    await db.imagingRequest.create({ data: { ...request, ...optional(request) }, select: { id: true } });
    return "written";
  }
  if (known.patientId !== request.patientId) return "other-patient";
  if (known.messageId === request.messageId) return "duplicate";
  if (known.messageAt > request.messageAt) return "older";
  await db.imagingRequest.update({
    where: { id: known.id },
    data: { ...request, ...optional(request) },
    select: { id: true },
  });
  return "written";
}

export type RequestRow = ImagingRequest & { patientRecordId: string; patientId: string };

/** The request behind an accession number of this custodian; the issuer decides where it is known, and the patient where asked. */
export async function findRequest(
  tx: Tx,
  where: { custodian: string; accessionNumber: string; issuer: string | undefined; patientId?: string },
): Promise<RequestRow | undefined> {
  const row = await databaseOf(tx).imagingRequest.findFirst({
    where: {
      custodian: where.custodian,
      accessionNumber: where.accessionNumber,
      ...(where.issuer ? { issuer: where.issuer } : {}),
      ...(where.patientId ? { patientId: where.patientId } : {}),
    },
    select: {
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
      patientRecordId: true,
      patientId: true,
    },
  });
  if (!row) return undefined;
  return {
    ...row,
    bodyPart: row.bodyPart ?? undefined,
    laterality: row.laterality ?? undefined,
    referrer: row.referrer ?? undefined,
    question: row.question ?? undefined,
    requestedAt: row.requestedAt ?? undefined,
    priority: PRIORITIES.find((one) => one === row.priority) ?? "routine",
    state: REQUEST_STATES.find((one) => one === row.state) ?? "requested",
  };
}

/** Whether somebody else's request stands under an accession number of this custodian. */
export async function isRequestOfAnother(
  tx: Tx,
  where: { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string },
): Promise<boolean> {
  const { custodian, accessionNumber, issuer, patientId } = where;
  const found = await databaseOf(tx).imagingRequest.findFirst({
    where: { custodian, accessionNumber, ...(issuer ? { issuer } : {}), patientId: { not: patientId } },
    select: { id: true },
  });
  return found !== null;
}

/** What was asked under these accession numbers of a trust, in words. */
export async function findWords(
  tx: Tx,
  custodian: string,
  accessionNumbers: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await databaseOf(tx).imagingRequest.findMany({
    where: { custodian, accessionNumber: { in: [...accessionNumbers] } },
    select: { accessionNumber: true, procedureText: true, question: true },
  });
  const words = new Map<string, string[]>();
  for (const { accessionNumber, procedureText, question } of rows)
    words.set(accessionNumber, [...(words.get(accessionNumber) ?? []), procedureText, question ?? ""]);
  return words;
}
