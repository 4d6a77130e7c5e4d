import type { Hl7Message, Hl7Segment } from "@medplum/core";
import type { Stated } from "../patient/index.ts";
import type { Priority, RequestFields, RequestState } from "../request/index.ts";
import { Hl7Refused, part, statedPart } from "./hl7.ts";
import { timeOf } from "./read-head.ts";
import { nameOf } from "./read-identity.ts";

export type RequestWord = {
  accessionNumber: string;
  issuer: string;
  stated: Stated<Omit<RequestFields, "patientRecordId">>;
};

const ACCESSION_FIELDS = [18, 3, 2];

/** Which orders or results a message holds: only the first would be read, and the text of all taken for its own. */
export function refuseSeveral(message: Hl7Message): void {
  const accessions = message
    .getAllSegments("OBR")
    .map((obr) => ACCESSION_FIELDS.map((field) => part(obr, field)).find(Boolean));
  if (message.getAllSegments("MSH").length > 1 || new Set(accessions).size > 1)
    throw new Hl7Refused(
      "HL7_SEVERAL",
      "The file holds more than one request or report. Send one message for each.",
    );
}

/** IPC-1 (OMI); OBR-18 where a RIS sends the accession number; ORC-3/OBR-3 filler, else ORC-2/OBR-2 placer: EI `number^issuer`. */
export function accessionIn(message: Hl7Message, custodian: string) {
  const [orc, obr] = [message.getSegment("ORC"), message.getSegment("OBR")];
  const places: [Hl7Segment | undefined, number][] = [
    [message.getSegment("IPC"), 1],
    [obr, 18],
    [obr, 3],
    [orc, 3],
    [obr, 2],
    [orc, 2],
  ];
  for (const [segment, field] of places) {
    const accessionNumber = part(segment, field, 1);
    if (accessionNumber) return { accessionNumber, issuer: part(segment, field, 2) ?? custodian };
  }
  throw new Hl7Refused(
    "HL7_ACCESSION_MISSING",
    "The message names no accession number (OBR-3, ORC-3 or OBR-18).",
  );
}

/** Of these controls the status alone speaks: a change of text does not send a booked request back. */
const CHANGES = new Set(["SC", "SN", "SR", "SS", "XO", "XR", "XX", "RE", "OE", "OD"]);

/** @see HL7 v2.5.1 table 0038 (order status) and table 0119 (order control) */
function stateOf(control: string | undefined, status: string | undefined): RequestState | undefined {
  if (control === "CA" || control === "OC" || control === "DC" || status === "CA" || status === "DC")
    return "cancelled";
  if (status === "SC") return "booked";
  if (status === "IP" || status === "A") return "arrived";
  if (status === "CM") return "acquired";
  return CHANGES.has(control ?? "") ? undefined : "requested";
}

/** @see HL7 v2.5.1 table 0485 (extended priority) */
function priorityOf(code: string | undefined): Priority | undefined {
  if (!code) return undefined;
  if (code === "S") return "stat";
  if (code === "A" || code === "U") return "urgent";
  return code === "T" || code === "2WW" ? "two-week-wait" : "routine";
}

const SIDES: Record<string, string> = { L: "L", LEFT: "L", R: "R", RIGHT: "R", B: "B", BILATERAL: "B" };

/** When the work is to be done: TQ1-7, else OBR-36, else the start in OBR-27 or ORC-7 (before 2.5). */
function scheduledIn(message: Hl7Message): Date | null | undefined {
  const [orc, obr, tq1] = [message.getSegment("ORC"), message.getSegment("OBR"), message.getSegment("TQ1")];
  const places = [statedPart(tq1, 7), statedPart(obr, 36), statedPart(obr, 27, 4), statedPart(orc, 7, 4)];
  const said = places.find((place) => place !== undefined);
  return said === null ? null : timeOf(said);
}

/** What the modality worklist asks for. @see HL7 v2.5.1 §4.5.6 (IPC), IHE RAD TF-2 (ZDS) */
function workIn(message: Hl7Message) {
  const [obr, ipc] = [message.getSegment("OBR"), message.getSegment("IPC")];
  return {
    scheduledAt: scheduledIn(message),
    modality: statedPart(ipc, 5) ?? statedPart(obr, 24),
    stationName: statedPart(ipc, 7),
    stationAe: statedPart(ipc, 9),
    location: statedPart(ipc, 8),
    requestedProcedureId: statedPart(ipc, 2) ?? statedPart(obr, 19),
    scheduledStepId: statedPart(ipc, 4) ?? statedPart(obr, 20),
    studyInstanceUid: part(ipc, 3) ?? part(message.getSegment("ZDS"), 1),
  };
}

/** What a message says of a request. What it leaves out stays as other messages had it; `""` empties it. */
export function requestIn(message: Hl7Message, custodian: string): RequestWord {
  const [orc, obr] = [message.getSegment("ORC"), message.getSegment("OBR")];
  return {
    ...accessionIn(message, custodian),
    stated: {
      procedureCode: part(obr, 4, 1),
      procedureText: part(obr, 4, 2) ?? part(obr, 4, 1),
      bodyPart: statedPart(obr, 15, 4) ?? statedPart(obr, 15, 1),
      laterality: SIDES[(part(obr, 15, 6) ?? part(obr, 15, 5) ?? "").toUpperCase()],
      referrer: nameOf(obr, 16) ?? nameOf(orc, 12),
      referrerId: part(obr, 16, 1) ?? part(orc, 12, 1),
      priority: priorityOf(
        part(message.getSegment("TQ1"), 9) ?? part(obr, 27, 6) ?? part(orc, 7, 6) ?? part(obr, 5),
      ),
      question: statedPart(obr, 31, 2) ?? statedPart(obr, 13),
      orderState: stateOf(part(orc, 1), part(orc, 5)),
      requestedAt: timeOf(part(orc, 9)) ?? timeOf(part(obr, 6)),
      placerNumber: part(orc, 2) ?? part(obr, 2),
      ...workIn(message),
    },
  };
}
