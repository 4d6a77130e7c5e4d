import * as Access from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import type { RecordRow, Word } from "../patient/index.ts";
import { type AppointmentNow, writeAppointment } from "./appointment.store.ts";
import { careOfAppointment } from "./care.ts";
import type { Message } from "./read-message.ts";
import { older, subjectOf, type Taken } from "./refusals.ts";
import { takeRequest } from "./take-request.ts";

async function relateClinic(
  tx: Tx,
  { custodian, patientId }: RecordRow,
  appointmentNumber: string,
  now: AppointmentNow,
): Promise<void> {
  const care = careOfAppointment(now);
  await Access.relateExactly(
    tx,
    { organisation: custodian, kind: "clinic", source: subjectOf.appointment(appointmentNumber) },
    (care?.clinicians ?? []).flatMap((personId) =>
      care
        ? [
            {
              patientId,
              patientRecordId: now.patientRecordId,
              personId,
              endsAt: care.endsAt,
              ...(care.startsAt ? { startsAt: care.startsAt } : {}),
            },
          ]
        : [],
    ),
  );
}

/** An appointment, who sees the patient in it, and what it says of the request that it books. */
export async function takeAppointment(
  tx: Tx,
  record: RecordRow,
  message: Message & { kind: "appointment" },
  word: Word,
): Promise<Taken> {
  const { appointmentNumber, fields, request } = message.appointment;
  const subject = subjectOf.appointment(appointmentNumber);
  const asked = request ? await takeRequest(tx, record, request, word) : undefined;
  const subjects = [subject, ...(asked?.subjects ?? [])];
  if (asked && "refused" in asked) return { ...asked, subjects };
  const { custodian, patientId, id: patientRecordId } = record;
  const written = await writeAppointment(tx, {
    custodian,
    appointmentNumber,
    patientRecordId,
    patientId,
    fields,
    word,
  });
  if (written.outcome === "other-patient") return { refused: "APPOINTMENT_PATIENT_MISMATCH", subjects };
  await relateClinic(tx, record, appointmentNumber, written.now);
  return written.outcome === "older" && asked?.outcome !== "accepted"
    ? older(patientId, subjects)
    : { outcome: "accepted", patientId, subjects };
}
