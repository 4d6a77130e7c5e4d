import type { Hl7Message } from "@medplum/core";
import type { Stated } from "../patient/index.ts";
import type { Booking, RequestFields } from "../request/index.ts";
import { Hl7Refused, part } from "./hl7.ts";
import { placeIn } from "./read-admission.ts";
import { type Head, timeOf } from "./read-head.ts";
import { idsIn } from "./read-identity.ts";

export type AppointmentFields = {
  state: Booking;
  startsAt: Date;
  reason: string;
  clinicians: string[];
  location: string;
  accessionNumber: string;
  issuer: string;
};
export type AppointmentWord = {
  appointmentNumber: string;
  fields: Stated<AppointmentFields>;
  /** What it says of the request that it books. */
  request:
    | { accessionNumber: string; issuer: string; stated: Stated<Omit<RequestFields, "patientRecordId">> }
    | undefined;
};

/** What each event makes of the appointment. A modification (S14) says nothing of whether it stands. */
export const SIU_EVENTS: Record<string, Booking | undefined> = {
  S12: "booked",
  S13: "booked",
  S14: undefined,
  S15: "cancelled",
  S16: "cancelled",
  S17: "cancelled",
  S26: "no-show",
};

function startIn(message: Hl7Message): Date | undefined {
  const places: [string, number, number][] = [
    ["SCH", 11, 4],
    ["TQ1", 7, 1],
    ["AIS", 4, 1],
    ["AIL", 6, 1],
    ["AIP", 6, 1],
  ];
  for (const [name, field, component] of places) {
    const at = timeOf(part(message.getSegment(name), field, component));
    if (at) return at;
  }
  return undefined;
}

const clear = (booking: Booking | undefined) => booking === "cancelled" || booking === "no-show";

/**
 * An appointment, and what it says of the request that it books (SCH-27 filler, else SCH-26 placer order number).
 *
 * @throws {Hl7Refused} `HL7_APPOINTMENT_MISSING`
 */
export function appointmentIn(message: Hl7Message, head: Head, custodian: string): AppointmentWord {
  const sch = message.getSegment("SCH");
  const appointmentNumber = part(sch, 2) ?? part(sch, 1);
  if (!appointmentNumber)
    throw new Hl7Refused("HL7_APPOINTMENT_MISSING", "The message names no appointment (SCH-2 or SCH-1).");
  const state = SIU_EVENTS[head.event];
  const startsAt = startIn(message);
  const aips = message.getAllSegments("AIP");
  const [ail, ais] = [message.getSegment("AIL"), message.getSegment("AIS")];
  const location = placeIn(ail, 3);
  const orderField = [27, 26].find((field) => part(sch, field));
  const accessionNumber = orderField ? part(sch, orderField) : undefined;
  const issuer = orderField ? (part(sch, orderField, 2) ?? custodian) : undefined;
  return {
    appointmentNumber,
    fields: {
      state,
      startsAt,
      reason: part(sch, 7, 2) ?? part(sch, 7, 1),
      clinicians: aips.length > 0 ? [...new Set(aips.flatMap((aip) => idsIn(aip, [3])))] : undefined,
      location,
      accessionNumber,
      issuer,
    },
    request:
      accessionNumber && issuer
        ? {
            accessionNumber,
            issuer,
            stated: {
              booking: state,
              scheduledAt: clear(state) ? null : startsAt,
              location,
              stationName: part(message.getSegment("AIG"), 3, 2) ?? part(message.getSegment("AIG"), 3, 1),
              procedureCode: part(ais, 3, 1),
              procedureText: part(ais, 3, 2) ?? part(ais, 3, 1),
            },
          }
        : undefined,
  };
}
