import { databaseOf, type Tx } from "../kernel/tx.ts";
import { type Held, type Stated, takeNewest, type Word } from "../patient/index.ts";
import { saidOf } from "../request/index.ts";
import type { VisitFields } from "./read-admission.ts";

type Fields = VisitFields & { patientRecordId: string };

export type SaidOfVisit = {
  custodian: string;
  visitNumber: string;
  patientRecordId: string;
  patientId: string;
  fields: Stated<VisitFields>;
  word: Word;
};

const held = {
  patientRecordId: true,
  patientClass: true,
  clinicians: true,
  location: true,
  admittedAt: true,
  dischargedAt: true,
  isCancelled: true,
} as const;

export type VisitNow = {
  patientRecordId: string;
  patientClass: string | undefined;
  clinicians: string[];
  admittedAt: Date | undefined;
  dischargedAt: Date | undefined;
  isCancelled: boolean;
  newestAt: Date;
};

const nowOf = ({ values }: Held<Fields>, newestAt: Date): VisitNow => ({
  patientRecordId: values.patientRecordId ?? "",
  patientClass: values.patientClass ?? undefined,
  clinicians: values.clinicians ?? [],
  admittedAt: values.admittedAt ?? undefined,
  dischargedAt: values.dischargedAt ?? undefined,
  isCancelled: values.isCancelled ?? false,
  newestAt,
});

const columnsOf = ({ values, said }: Held<Fields>) => ({
  patientRecordId: values.patientRecordId ?? "",
  patientClass: values.patientClass ?? null,
  clinicians: values.clinicians ?? [],
  location: values.location ?? null,
  admittedAt: values.admittedAt ?? null,
  dischargedAt: values.dischargedAt ?? null,
  isCancelled: values.isCancelled ?? false,
  said,
});

export type WrittenVisit = { outcome: "written" | "older"; now: VisitNow } | { outcome: "other-patient" };

/** The last word on each field of a stay, by the messages' own time. */
export async function writeVisit(tx: Tx, came: SaidOfVisit): Promise<WrittenVisit> {
  const db = databaseOf(tx);
  const { custodian, visitNumber, patientRecordId, patientId, fields, word } = came;
  const name = `visit:${custodian}|${visitNumber}`;
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
  const where = { custodian_visitNumber: { custodian, visitNumber } };
  const row = await db.visit.findUnique({
    where,
    select: { patientId: true, newestAt: true, said: true, ...held },
  });
  if (row && row.patientId !== patientId) return { outcome: "other-patient" };
  const said = saidOf(row?.said ?? {});
  const known = Object.entries(row ?? {}).filter(([field]) => said[field]);
  const before: Held<Fields> = { values: Object.fromEntries(known) as Stated<Fields>, said };
  const merged = takeNewest<Fields>(before, { ...fields, patientRecordId }, word);
  const newestAt = row && row.newestAt > word.at ? row.newestAt : word.at;
  if (merged.isChanged || !row) {
    const data = { ...columnsOf(merged), patientId, newestAt };
    await db.visit.upsert({
      where,
      create: { custodian, visitNumber, ...data },
      update: data,
      select: { id: true },
    });
  }
  return { outcome: merged.isChanged ? "written" : "older", now: nowOf(merged, newestAt) };
}
