import type { Hl7Message, Hl7Segment } from "@medplum/core";
import { instantOf, isoDate } from "../ingest/index.ts";
import type { StatedIdentity } from "../patient/index.ts";
import type { ImagingRequest, Priority, RequestState } from "../request/index.ts";
import { Hl7Refused, part, repetitions, unescapeHl7 } from "./hl7.ts";
import type { ReportStatus } from "./report.ts";

export type ReportMessage = {
  accessionNumber: string;
  issuer: string;
  fillerNumber: string;
  status: ReportStatus;
  author: string | undefined;
  authorRole: string | undefined;
  text: string;
  reportedAt: Date;
};

export type Message = { identity: StatedIdentity; messageAt: Date; messageId: string } & (
  | { kind: "request"; request: ImagingRequest; referrerId: string | undefined }
  | { kind: "report"; report: ReportMessage }
);

/** HL7 TS: YYYYMMDD[HHMM[SS]][±ZZZZ] */
const timeOf = (text: string | undefined): Date | undefined => {
  const [, date, time, offset] = /^(\d{8})(\d{4,6})?(?:\.\d+)?([+-]\d{4})?/.exec(text ?? "") ?? [];
  return instantOf(date, time, offset);
};

/** PID-3 repeats: `local^^^RXC^MR~9990000018^^^NHS^NH`. */
function identityIn(pid: Hl7Segment | undefined): StatedIdentity {
  const ids = Array.from({ length: repetitions(pid, 3) }, (_, index) => ({
    value: part(pid, 3, 1, index),
    authority: part(pid, 3, 4, index)?.split("&")[0],
    type: part(pid, 3, 5, index),
  }));
  const nhs = ids.find(({ type, authority }) => type === "NH" || authority === "NHS");
  const local = ids.find((id) => id !== nhs && id.value);
  if (!local?.value)
    throw new Hl7Refused("HL7_PATIENT_MISSING", "The message names no local patient number (PID-3).");
  return {
    localNumber: local.value,
    issuer: local.authority,
    nhsNumber: nhs?.value,
    nhsVerified: false,
    family: part(pid, 5, 1) ?? "",
    given: part(pid, 5, 2) ?? "",
    middle: part(pid, 5, 3) ?? "",
    prefix: part(pid, 5, 5) ?? "",
    ideographic: undefined,
    phonetic: undefined,
    // A time may follow the date; a year alone is no date of birth.
    birthDate: isoDate(part(pid, 7)?.slice(0, 8)),
    sex: part(pid, 8),
  };
}

const nameOf = (segment: Hl7Segment | undefined, field: number): string | undefined => {
  const [family, given, prefix] = [part(segment, field, 2), part(segment, field, 3), part(segment, field, 6)];
  return family ? [prefix, given, family].filter(Boolean).join(" ") : part(segment, field, 1);
};

const ACCESSION_FIELDS = [18, 3, 2];

/** Which orders or results a message holds: only the first would be read, and the text of all taken for its own. */
function refuseSeveral(message: Hl7Message): void {
  const accessions = message
    .getAllSegments("OBR")
    .map((obr) => ACCESSION_FIELDS.map((field) => part(obr, field)).find(Boolean));
  if (message.getAllSegments("MSH").length > 1 || new Set(accessions).size > 1)
    throw new Hl7Refused(
      "HL7_SEVERAL",
      "The file holds more than one request or report. Send one message for each.",
    );
}

/** ORC-3/OBR-3 filler, else ORC-2/OBR-2 placer: EI `number^issuer`; OBR-18 where a RIS sends the accession number. */
function accessionIn(orc: Hl7Segment | undefined, obr: Hl7Segment | undefined, custodian: string) {
  const places: [Hl7Segment | undefined, number][] = [
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

/** @see HL7 v2.5.1 table 0038 (order status) and table 0119 (order control) */
function stateOf(control: string | undefined, status: string | undefined): RequestState {
  if (control === "CA" || control === "OC" || status === "CA") return "cancelled";
  if (status === "SC") return "booked";
  if (status === "IP" || status === "A") return "arrived";
  return status === "CM" ? "acquired" : "requested";
}

/** @see HL7 v2.5.1 table 0485 (extended priority) */
function priorityOf(code: string | undefined): Priority {
  if (code === "S") return "stat";
  if (code === "A" || code === "U") return "urgent";
  return code === "T" || code === "2WW" ? "two-week-wait" : "routine";
}

const SIDES: Record<string, string> = { L: "L", LEFT: "L", R: "R", RIGHT: "R", B: "B", BILATERAL: "B" };

function requestIn(message: Hl7Message, custodian: string): ImagingRequest {
  const [orc, obr] = [message.getSegment("ORC"), message.getSegment("OBR")];
  const specimen = part(obr, 15, 4) ?? part(obr, 15, 1);
  return {
    ...accessionIn(orc, obr, custodian),
    procedureCode: part(obr, 4, 1) ?? "",
    procedureText: part(obr, 4, 2) ?? part(obr, 4, 1) ?? "",
    bodyPart: specimen,
    laterality: SIDES[(part(obr, 15, 6) ?? part(obr, 15, 5) ?? "").toUpperCase()],
    referrer: nameOf(obr, 16) ?? nameOf(orc, 12),
    priority: priorityOf(part(obr, 27, 6) ?? part(obr, 5)),
    question: part(obr, 31, 2) ?? part(obr, 13),
    state: stateOf(part(orc, 1), part(orc, 5)),
    requestedAt: timeOf(part(orc, 9)) ?? timeOf(part(obr, 6)),
  };
}

/** @see HL7 v2.5.1 table 0123 (result status) */
const STATUS: Record<string, ReportStatus> = {
  P: "preliminary",
  R: "preliminary",
  F: "final",
  C: "amended",
  A: "addendum",
  X: "cancelled",
};

/** OBX-5 of TX, FT and ST, in order, repetitions as lines: kept as received but for the escapes. */
function reportText(message: Hl7Message): string {
  return message
    .getAllSegments("OBX")
    .filter((obx) => ["TX", "FT", "ST", "CWE", "CE"].includes(part(obx, 2) ?? "TX"))
    .map((obx) => unescapeHl7(obx.getField(5)?.toString() ?? "").replaceAll("~", "\n"))
    .join("\n");
}

function reportIn(message: Hl7Message, custodian: string, messageAt: Date): ReportMessage {
  const obr = message.getSegment("OBR");
  const status = STATUS[part(obr, 25) ?? part(message.getSegment("OBX"), 11) ?? ""];
  if (!status)
    throw new Hl7Refused(
      "HL7_STATUS_UNKNOWN",
      "The report does not say whether it is preliminary, final or amended (OBR-25).",
    );
  const text = reportText(message);
  if (text.trim() === "" && status !== "cancelled")
    throw new Hl7Refused("HL7_REPORT_EMPTY", "The report has no text (OBX-5).");
  const accession = accessionIn(message.getSegment("ORC"), obr, custodian);
  return {
    ...accession,
    fillerNumber: part(obr, 3) ?? accession.accessionNumber,
    status,
    author: nameOf(obr, 32) ?? nameOf(message.getSegment("OBX"), 16),
    authorRole: part(obr, 32, 7),
    text,
    reportedAt: timeOf(part(obr, 22)) ?? messageAt,
  };
}

/**
 * What one message says: a request (ORM, OMI, OMG) or a report (ORU).
 *
 * @throws {Hl7Refused} with what is missing
 */
export function readMessage(message: Hl7Message, custodian: string): Message {
  const msh = message.getSegment("MSH");
  const type = part(msh, 9, 1);
  const messageAt = timeOf(part(msh, 7));
  const messageId = part(msh, 10);
  if (!messageAt || !messageId)
    throw new Hl7Refused(
      "HL7_CONTROL_MISSING",
      "The message lacks its time or its control id (MSH-7, MSH-10).",
    );
  if (!["ORM", "OMI", "OMG", "ORU"].includes(type ?? "")) {
    throw new Hl7Refused(
      "HL7_TYPE_UNSUPPORTED",
      "Only requests (ORM, OMI, OMG) and reports (ORU) are taken in.",
    );
  }
  refuseSeveral(message);
  const head = { identity: identityIn(message.getSegment("PID")), messageAt, messageId };
  if (type === "ORU") return { ...head, kind: "report", report: reportIn(message, custodian, messageAt) };
  const referrerId = part(message.getSegment("OBR"), 16, 1) ?? part(message.getSegment("ORC"), 12, 1);
  return { ...head, kind: "request", request: requestIn(message, custodian), referrerId };
}
