import type { Hl7Message } from "@medplum/core";
import type { StatedReport } from "../reporting/index.ts";
import { Hl7Refused } from "./hl7.ts";
import { ADT_EVENTS, mergedNumberIn, type VisitWord, visitIn } from "./read-admission.ts";
import { type AppointmentWord, appointmentIn, SIU_EVENTS } from "./read-appointment.ts";
import { type Head, headOf } from "./read-head.ts";
import { deathIn, identityIn, type MessageIdentity } from "./read-identity.ts";
import { type RequestWord, refuseSeveral, requestIn } from "./read-request.ts";
import { reportIn } from "./read-result.ts";

/** What one message says, of whom, and when it was so. */
export type Message = Head &
  MessageIdentity & {
    isUpdate: boolean;
  } /** `diedAt`: null where it takes back that they died; `undefined` where it says nothing of it. */ & (
    | { kind: "person"; visit: VisitWord | undefined; diedAt: Date | null | undefined }
    | { kind: "merge"; oldNumber: string }
    | { kind: "appointment"; appointment: AppointmentWord }
    | { kind: "request"; request: RequestWord }
    | { kind: "report"; report: StatedReport }
  );

/** The types of messages that are taken in, with their events where those matter. The page docs/hl7.md equals it (test). */
export const TAKEN: Record<string, readonly string[] | "any"> = {
  ADT: ADT_EVENTS,
  SIU: Object.keys(SIU_EVENTS),
  ORM: "any",
  OMI: "any",
  OMG: "any",
  ORU: "any",
};

export const isTaken = (type: string, event: string): boolean => {
  const events = TAKEN[type];
  return events === "any" || (events?.includes(event) ?? false);
};

/**
 * What one message says: a patient or a stay (ADT), a merge (ADT A40), an appointment (SIU), a request (ORM, OMI, OMG) or a
 * report (ORU).
 *
 * @throws {Hl7Refused} with what is missing
 */
export function readMessage(message: Hl7Message, custodian: string): Message {
  const head = headOf(message);
  if (!isTaken(head.type, head.event))
    throw new Hl7Refused(
      "HL7_TYPE_UNSUPPORTED",
      "This type of message is not taken in. What is taken: ADT (A01 to A04, A08, A11, A13, A28, A31, A40), SIU, ORM, OMI, OMG, ORU.",
    );
  refuseSeveral(message);
  const identity = identityIn(message.getSegment("PID"), custodian);
  const from = { ...head, ...identity, isUpdate: head.type === "ADT" };
  if (head.type === "ORU")
    return { ...from, kind: "report", report: reportIn(message, custodian, head.messageAt) };
  if (head.type === "SIU")
    return { ...from, kind: "appointment", appointment: appointmentIn(message, head, custodian) };
  if (head.type !== "ADT") return { ...from, kind: "request", request: requestIn(message, custodian) };
  if (head.event === "A40")
    return { ...from, kind: "merge", oldNumber: mergedNumberIn(message, custodian, identity.localNumber) };
  const diedAt = deathIn(message.getSegment("PID"), head.messageAt);
  return { ...from, kind: "person", visit: visitIn(message, head, identity.localNumber), diedAt };
}
