import { z } from "zod";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { compareWords, type Held, type Said, type Stated, takeNewest, type Word } from "../patient/index.ts";
import {
  type ImagingRequest,
  PRIORITIES,
  REQUEST_STATES,
  type RequestFields,
  type RequestState,
  requestStateOf,
} from "./request.ts";

export type RequestKey = { custodian: string; issuer: string; accessionNumber: string };

export type SaidOfRequest = RequestKey & {
  patientRecordId: string;
  patientId: string;
  stated: Stated<Omit<RequestFields, "patientRecordId">>;
  word: Word;
};

const SaidJson = z.record(z.string(), z.object({ at: z.string(), id: z.string() }));
export const saidOf = (json: unknown): Said => SaidJson.parse(json);

const keyOf = ({ custodian, issuer, accessionNumber }: RequestKey) => ({
  custodian_issuer_accessionNumber: { custodian, issuer, accessionNumber },
});

const held = {
  procedureCode: true,
  procedureText: true,
  bodyPart: true,
  laterality: true,
  referrer: true,
  referrerId: true,
  priority: true,
  question: true,
  orderState: true,
  booking: true,
  requestedAt: true,
  placerNumber: true,
  scheduledAt: true,
  modality: true,
  stationName: true,
  stationAe: true,
  location: true,
  requestedProcedureId: true,
  scheduledStepId: true,
  studyInstanceUid: true,
  patientRecordId: true,
} as const;

type HeldRow = { [K in keyof typeof held]: string | Date | null };

const lock = (tx: Tx, { custodian, issuer, accessionNumber }: RequestKey) =>
  databaseOf(tx)
    .$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`request:${custodian}|${issuer}|${accessionNumber}`}, 0))::text`;

/** What messages said of it. A row from before words were kept holds what it holds by its last message's word. */
function heldOf(row: HeldRow, said: Said): Held<RequestFields> {
  const isKept = Object.keys(said).length > 0;
  const values = Object.entries(row).filter(([field, value]) => (isKept ? said[field] : value !== null));
  return { values: Object.fromEntries(values) as Stated<RequestFields>, said };
}

const wordIn = (said: Said, field: string): Word | undefined => {
  const word = said[field];
  return word && { at: new Date(word.at), id: word.id };
};

function stateOf({ values, said }: Held<RequestFields>): RequestState {
  const [order, booking] = [wordIn(said, "orderState"), wordIn(said, "booking")];
  const isBookingNewer = booking !== undefined && (!order || compareWords(order, booking) < 0);
  return requestStateOf(values.orderState ?? undefined, values.booking ?? undefined, isBookingNewer);
}

function columnsOf(merged: Held<RequestFields>) {
  const { values } = merged;
  const optional = Object.fromEntries(Object.keys(held).map((field) => [field, null]));
  return {
    ...optional,
    ...values,
    procedureCode: values.procedureCode ?? "",
    procedureText: values.procedureText ?? values.procedureCode ?? "",
    priority: values.priority ?? "routine",
    patientRecordId: values.patientRecordId ?? "",
    state: stateOf(merged),
    said: merged.said,
  };
}

export type Written =
  | { outcome: "written" | "older"; now: RequestNow }
  /** Another patient's request stands under this number. */
  | { outcome: "other-patient" };

export type RequestNow = {
  state: RequestState;
  referrerId: string | undefined;
  requestedAt: Date;
  patientRecordId: string;
};

const nowOf = (merged: Held<RequestFields>, newest: Word): RequestNow => ({
  state: stateOf(merged),
  referrerId: merged.values.referrerId ?? undefined,
  requestedAt: merged.values.requestedAt ?? newest.at,
  patientRecordId: merged.values.patientRecordId ?? "",
});

/** The last word on each field by the messages' own time, whatever order they come in (clinical page §1). */
export async function writeRequest(tx: Tx, came: SaidOfRequest): Promise<Written> {
  const db = databaseOf(tx);
  await lock(tx, came);
  const row = await db.imagingRequest.findUnique({
    where: keyOf(came),
    select: {
      id: true,
      messageAt: true,
      messageId: true,
      patientId: true,
      said: true,
      asideAt: true,
      ...held,
    },
  });
  const { custodian, issuer, accessionNumber, patientRecordId, patientId, stated, word } = came;
  const fields = { ...stated, patientRecordId };
  if (!row || row.asideAt) {
    // One that waits for a person counts for nothing: its messages come again if they are its own after all.
    const fresh = takeNewest<RequestFields>({ values: {}, said: {} }, fields, word);
    const data = { ...columnsOf(fresh), patientId, asideAt: null, messageAt: word.at, messageId: word.id };
    await db.imagingRequest.upsert({
      where: keyOf(came),
      create: { custodian, issuer, accessionNumber, ...data },
      update: data,
      select: { id: true },
    });
    return { outcome: "written", now: nowOf(fresh, word) };
  }
  if (row.patientId !== patientId) return { outcome: "other-patient" };
  const { id, messageAt, messageId, patientId: _patientId, said, asideAt: _asideAt, ...values } = row;
  const before = { at: messageAt, id: messageId };
  const newest = compareWords(before, word) < 0 ? word : before;
  const merged = takeNewest(heldOf(values, saidOf(said)), fields, word, before);
  if (merged.isChanged)
    await db.imagingRequest.update({
      where: { id },
      data: { ...columnsOf(merged), patientId, messageAt: newest.at, messageId: newest.id },
      select: { id: true },
    });
  return { outcome: merged.isChanged ? "written" : "older", now: nowOf(merged, newest) };
}

/** Shown nowhere from now on, until a person has decided. */
export async function putRequestAside(tx: Tx, key: RequestKey): Promise<void> {
  await databaseOf(tx).imagingRequest.updateMany({
    where: { ...key, asideAt: null },
    data: { asideAt: tx.now },
  });
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
      asideAt: null,
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

type Tied = { custodian: string; accessionNumber: string; issuer: string | undefined; patientId: string };

const ofOthers = ({ custodian, accessionNumber, issuer, patientId }: Tied) => ({
  custodian,
  accessionNumber,
  ...(issuer ? { issuer } : {}),
  patientId: { not: patientId },
  asideAt: null,
});

/** Whether somebody else's request stands under an accession number of this custodian. */
export async function isRequestOfAnother(tx: Tx, tied: Tied): Promise<boolean> {
  const found = await databaseOf(tx).imagingRequest.findFirst({
    where: ofOthers(tied),
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

/** The requests of somebody else under an accession number. */
export async function findRequestsOfOthers(tx: Tx, tied: Tied): Promise<RequestKey[]> {
  return databaseOf(tx).imagingRequest.findMany({
    where: ofOthers(tied),
    select: { custodian: true, issuer: true, accessionNumber: true },
  });
}

/** The requests that stand for a patient. */
export async function findRequestsOfPatient(tx: Tx, patientId: string): Promise<RequestKey[]> {
  return databaseOf(tx).imagingRequest.findMany({
    where: { patientId, asideAt: null },
    select: { custodian: true, issuer: true, accessionNumber: true },
  });
}
