import type { Hl7Message, Hl7Segment } from "@medplum/core";
import type { Stated } from "../patient/index.ts";
import { Hl7Refused, part, repetitions, statedPart } from "./hl7.ts";
import { type Head, timeOf } from "./read-head.ts";
import { idsIn, localNumberIn } from "./read-identity.ts";

export type VisitFields = {
  patientClass: string;
  /** The identity provider's ids of who attends, is consulted or admitted. */
  clinicians: string[];
  location: string;
  admittedAt: Date;
  dischargedAt: Date;
  /** The admission was a mistake. */
  isCancelled: boolean;
};
export type VisitWord = { visitNumber: string; fields: Stated<VisitFields> };

/**
 * Admission, transfer, discharge, registration, update; an admission, a discharge cancelled; a person added, updated; two
 * numbers merged.
 */
export const ADT_EVENTS = ["A01", "A02", "A03", "A04", "A08", "A11", "A13", "A28", "A31", "A40"] as const;

/** Of one stay, so that it must say which. Others may speak of the person alone. */
const OF_A_STAY: readonly string[] = ["A01", "A02", "A03", "A11", "A13"];
const BEGINS: readonly string[] = ["A01", "A04"];

/** Attending, referring, consulting, admitting. */
const CLINICIANS = [7, 8, 9, 17];

/** PL: ward, room, bed, as far as they are said. */
export const placeIn = (segment: Hl7Segment | undefined, field: number): string | undefined =>
  [1, 2, 3]
    .map((one) => part(segment, field, one))
    .filter(Boolean)
    .join(" ") || undefined;

function visitNumberIn(pv1: Hl7Segment | undefined, localNumber: string): string | undefined {
  const admitted = part(pv1, 44);
  return part(pv1, 19) ?? part(pv1, 50) ?? (admitted ? `${localNumber}@${admitted}` : undefined);
}

/** When it happened (EVN-6), else when it was recorded. */
const happenedAt = (message: Hl7Message, head: Head) =>
  timeOf(part(message.getSegment("EVN"), 6)) ?? head.messageAt;

function visitFieldsIn(message: Hl7Message, head: Head): Stated<VisitFields> {
  const pv1 = message.getSegment("PV1");
  const isBegun = BEGINS.includes(head.event);
  const begins = isBegun ? happenedAt(message, head) : undefined;
  const ends = head.event === "A03" ? happenedAt(message, head) : undefined;
  const isNamed = CLINICIANS.some((field) => repetitions(pv1, field) > 0);
  const discharged = statedPart(pv1, 45);
  return {
    patientClass: part(pv1, 2),
    clinicians: isNamed ? idsIn(pv1, CLINICIANS) : undefined,
    location: placeIn(pv1, 3),
    admittedAt: timeOf(part(pv1, 44)) ?? begins,
    // A discharge that is cancelled may still be written there.
    dischargedAt: discharged === null || head.event === "A13" ? null : (timeOf(discharged) ?? ends),
    isCancelled: head.event === "A11" ? true : isBegun ? false : undefined,
  };
}

/**
 * The stay or attendance that a message speaks of; none where it speaks of a person alone.
 *
 * @throws {Hl7Refused} `HL7_VISIT_MISSING` for an admission, a transfer or a discharge of nobody knows which stay
 */
export function visitIn(message: Hl7Message, head: Head, localNumber: string): VisitWord | undefined {
  if (head.event === "A28" || head.event === "A31" || head.event === "A40") return undefined;
  const visitNumber = visitNumberIn(message.getSegment("PV1"), localNumber);
  if (visitNumber) return { visitNumber, fields: visitFieldsIn(message, head) };
  if (OF_A_STAY.includes(head.event))
    throw new Hl7Refused(
      "HL7_VISIT_MISSING",
      "The message does not say which stay it speaks of (PV1-19, or the time of admission in PV1-44).",
    );
  return undefined;
}

/** @throws {Hl7Refused} `HL7_MERGE_MISSING`, `HL7_SEVERAL` */
export function mergedNumberIn(message: Hl7Message, custodian: string, localNumber: string): string {
  if (message.getAllSegments("MRG").length > 1)
    throw new Hl7Refused("HL7_SEVERAL", "The message holds more than one merge. Send one message for each.");
  const old = localNumberIn(message.getSegment("MRG"), 1, custodian)?.value;
  if (!old || old === localNumber)
    throw new Hl7Refused(
      "HL7_MERGE_MISSING",
      "The merge does not name two local numbers: the surviving one (PID-3) and the one that ends (MRG-1).",
    );
  return old;
}
