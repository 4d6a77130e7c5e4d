import type { Hl7Message } from "@medplum/core";
import type { ReportStatus, StatedReport } from "../reporting/index.ts";
import { Hl7Refused, part, repetitions, unescapeHl7 } from "./hl7.ts";
import { timeOf } from "./read-head.ts";
import { nameOf } from "./read-identity.ts";
import { accessionIn } from "./read-request.ts";

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

/** Abnormal Flags (OBX-8) of what can't wait. @see HL7 v2.5.1 table 0078 */
const ALERTS = ["AA", "HH", "LL"];

function alertIn(message: Hl7Message): string | undefined {
  const flags = message
    .getAllSegments("OBX")
    .flatMap((obx) => Array.from({ length: repetitions(obx, 8) }, (_, index) => part(obx, 8, 1, index)));
  return flags.find((flag) => flag !== undefined && ALERTS.includes(flag));
}

export function reportIn(message: Hl7Message, custodian: string, messageAt: Date): StatedReport {
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
  const accession = accessionIn(message, custodian);
  return {
    ...accession,
    fillerNumber: part(obr, 3) ?? accession.accessionNumber,
    status,
    author: nameOf(obr, 32) ?? nameOf(message.getSegment("OBX"), 16),
    authorRole: part(obr, 32, 7),
    text,
    reportedAt: timeOf(part(obr, 22)) ?? messageAt,
    alert: alertIn(message),
  };
}
