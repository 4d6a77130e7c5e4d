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
};
export type VisitWord = { visitNumber: string; fields: Stated<VisitFields> };

/** Admission, discharge, registration, update; a person added, updated; two numbers merged. */
export const ADT_EVENTS = ["A01", "A03", "A04", "A08", "A28", "A31", "A40"] as const;

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
  const begins = head.event === "A01" || head.event === "A04" ? happenedAt(message, head) : undefined;
  const ends = head.event === "A03" ? happenedAt(message, head) : undefined;
  const isNamed = CLINICIANS.some((field) => repetitions(pv1, field) > 0);
  const discharged = statedPart(pv1, 45);
  return {
    patientClass: part(pv1, 2),
    clinicians: isNamed ? idsIn(pv1, CLINICIANS) : undefined,
    location: placeIn(pv1, 3),
    admittedAt: timeOf(part(pv1, 44)) ?? begins,
    dischargedAt: discharged === null ? null : (timeOf(discharged) ?? ends),
  };
}

/**
 * The stay or attendance that a message speaks of; none where it speaks of a person alone.
 *
 * @throws {Hl7Refused} `HL7_VISIT_MISSING` for an admission or a discharge of nobody knows which stay
 */
export function visitIn(message: Hl7Message, head: Head, localNumber: string): VisitWord | undefined {
  if (head.event === "A28" || head.event === "A31" || head.event === "A40") return undefined;
  const visitNumber = visitNumberIn(message.getSegment("PV1"), localNumber);
  if (visitNumber) return { visitNumber, fields: visitFieldsIn(message, head) };
  if (head.event === "A01" || head.event === "A03")
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
