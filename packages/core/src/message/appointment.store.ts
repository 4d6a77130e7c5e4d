import { databaseOf, type Tx } from "../kernel/tx.ts";
import { type Held, type Stated, takeNewest, type Word } from "../patient/index.ts";
import { saidOf } from "../request/index.ts";
import type { AppointmentFields } from "./read-appointment.ts";

type Fields = AppointmentFields & { patientRecordId: string };

export type SaidOfAppointment = {
  custodian: string;
  appointmentNumber: string;
  patientRecordId: string;
  patientId: string;
  fields: Stated<AppointmentFields>;
  word: Word;
};

const held = {
  patientRecordId: true,
  state: true,
  startsAt: true,
  reason: true,
  clinicians: true,
  location: true,
  accessionNumber: true,
  issuer: true,
} as const;

export type AppointmentNow = {
  patientRecordId: string;
  state: AppointmentFields["state"] | undefined;
  startsAt: Date | undefined;
  clinicians: string[];
};

const nowOf = ({ values }: Held<Fields>): AppointmentNow => ({
  patientRecordId: values.patientRecordId ?? "",
  state: values.state ?? undefined,
  startsAt: values.startsAt ?? undefined,
  clinicians: values.clinicians ?? [],
});

const columnsOf = ({ values, said }: Held<Fields>) => ({
  patientRecordId: values.patientRecordId ?? "",
  state: values.state ?? null,
  startsAt: values.startsAt ?? null,
  reason: values.reason ?? null,
  clinicians: values.clinicians ?? [],
  location: values.location ?? null,
  accessionNumber: values.accessionNumber ?? null,
  issuer: values.issuer ?? null,
  said,
});

export type WrittenAppointment =
  | { outcome: "written" | "older"; now: AppointmentNow }
  | { outcome: "other-patient" };

/** The last word on each field of an appointment, by the messages' own time. */
export async function writeAppointment(tx: Tx, came: SaidOfAppointment): Promise<WrittenAppointment> {
  const db = databaseOf(tx);
  const { custodian, appointmentNumber, patientRecordId, patientId, fields, word } = came;
  const name = `appointment:${custodian}|${appointmentNumber}`;
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
  const where = { custodian_appointmentNumber: { custodian, appointmentNumber } };
  const row = await db.appointment.findUnique({ where, select: { patientId: true, said: true, ...held } });
  if (row && row.patientId !== patientId) return { outcome: "other-patient" };
  const said = saidOf(row?.said ?? {});
  const known = Object.entries(row ?? {}).filter(([field]) => said[field]);
  const before: Held<Fields> = { values: Object.fromEntries(known) as Stated<Fields>, said };
  const merged = takeNewest<Fields>(before, { ...fields, patientRecordId }, word);
  if (merged.isChanged || !row) {
    const data = { ...columnsOf(merged), patientId };
    await db.appointment.upsert({
      where,
      create: { custodian, appointmentNumber, ...data },
      update: data,
      select: { id: true },
    });
  }
  return { outcome: merged.isChanged ? "written" : "older", now: nowOf(merged) };
}
