import type { AppointmentNow } from "./appointment.store.ts";
import type { VisitNow } from "./visit.store.ts";

const DAY = 86_400_000;

/** Who cares for a patient goes on seeing them after they went home: letters, results that come late, a return. */
export const STAY_TAIL_DAYS = 14;
/** A stay of which nothing more is heard ends by itself: a discharge may never come. */
export const UNHEARD_STAY_DAYS = 60;
export const CLINIC_BEFORE_DAYS = 1;
export const CLINIC_AFTER_DAYS = 7;
export const REFERRED_DAYS = 180;

export type Care = {
  kind: "admission" | "clinic";
  startsAt?: Date;
  endsAt: Date;
  clinicians: readonly string[];
};

const plus = (at: Date, days: number) => new Date(at.getTime() + days * DAY);

/** Outpatients and day attenders without a bed. @see HL7 v2.5.1 table 0004 (patient class) */
const isOutpatient = (patientClass: string | undefined) => patientClass === "O" || patientClass === "R";

/**
 * From the admission until the discharge and a tail; of an outpatient, some days around the attendance. Of an admission that
 * was cancelled nobody.
 */
export function careOfVisit(now: VisitNow): Care {
  const { admittedAt, dischargedAt, newestAt, patientClass } = now;
  const clinicians = now.isCancelled ? [] : now.clinicians;
  const from = admittedAt ? { startsAt: admittedAt } : {};
  if (isOutpatient(patientClass))
    return {
      kind: "clinic",
      ...from,
      endsAt: plus(dischargedAt ?? admittedAt ?? newestAt, CLINIC_AFTER_DAYS),
      clinicians,
    };
  const endsAt = dischargedAt ? plus(dischargedAt, STAY_TAIL_DAYS) : plus(newestAt, UNHEARD_STAY_DAYS);
  return { kind: "admission", ...from, endsAt, clinicians };
}

/** From the day before until some days after; none for a slot that was given up. Who didn't come is written to. */
export function careOfAppointment(now: AppointmentNow): Care | undefined {
  const { state, startsAt, clinicians } = now;
  if (state === "cancelled" || !startsAt) return undefined;
  return {
    kind: "clinic",
    startsAt: plus(startsAt, -CLINIC_BEFORE_DAYS),
    endsAt: plus(startsAt, CLINIC_AFTER_DAYS),
    clinicians,
  };
}
