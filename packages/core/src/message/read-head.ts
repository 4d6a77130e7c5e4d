import type { Hl7Message } from "@medplum/core";
import { instantOf } from "../ingest/index.ts";
import { Hl7Refused, part } from "./hl7.ts";

/** Who sent which message when. */
export type Head = {
  /** Sending application and facility (MSH-3, MSH-4): a control id means something within them. */
  sender: string;
  messageId: string;
  /** ADT, SIU, ORM … */
  type: string;
  /** A01, S12 …; empty where a sender leaves it out. */
  event: string;
  /** When what it says was so: EVN-2 where there is one, else MSH-7. */
  messageAt: Date;
};

/** HL7 TS: YYYYMMDD[HHMM[SS[.S…]]][±ZZZZ] */
export const timeOf = (text: string | null | undefined): Date | undefined => {
  const [, date, time, fraction, offset] =
    /^(\d{8})(\d{4,6})?(?:\.(\d+))?([+-]\d{4})?/.exec(text ?? "") ?? [];
  const instant = instantOf(date, time, offset);
  const milliseconds = Math.floor(Number(`0.${fraction ?? "0"}`) * 1000);
  return instant && new Date(instant.getTime() + milliseconds);
};

/** @throws {Hl7Refused} `HL7_CONTROL_MISSING` */
export function headOf(message: Hl7Message): Head {
  const msh = message.getSegment("MSH");
  const sentAt = timeOf(part(msh, 7));
  const messageId = part(msh, 10);
  if (!sentAt || !messageId)
    throw new Hl7Refused(
      "HL7_CONTROL_MISSING",
      "The message lacks its time or its control id (MSH-7, MSH-10).",
    );
  return {
    sender: [part(msh, 3) ?? "", part(msh, 4) ?? ""].join("|"),
    messageId,
    type: part(msh, 9, 1) ?? "",
    event: part(msh, 9, 2) ?? part(message.getSegment("EVN"), 1) ?? "",
    messageAt: timeOf(part(message.getSegment("EVN"), 2)) ?? sentAt,
  };
}
