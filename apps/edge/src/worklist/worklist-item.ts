import type { DicomJson, DicomJsonValue } from "@weald/dicom";
import { z } from "zod";

export const ProcedureShape = z.object({
  accessionNumber: z.string(),
  issuer: z.string(),
  procedureCode: z.string(),
  procedureText: z.string(),
  referrer: z.string().optional(),
  priority: z.string(),
  question: z.string().optional(),
  state: z.string(),
  scheduledAt: z.string(),
  modality: z.string().optional(),
  stationAe: z.string().optional(),
  stationName: z.string().optional(),
  location: z.string().optional(),
  requestedProcedureId: z.string(),
  scheduledStepId: z.string(),
  studyInstanceUid: z.string(),
  localNumber: z.string(),
  nhsNumber: z.string().optional(),
  family: z.string(),
  given: z.string(),
  middle: z.string(),
  prefix: z.string(),
  birthDate: z.string().optional(),
  sex: z.string().optional(),
});
export type Procedure = z.output<typeof ProcedureShape>;

/** HL7 and DICOM name priorities otherwise. @see DICOM PS3.3 §C.4.11 (0040,1003) */
const PRIORITY: Record<string, string> = {
  stat: "STAT",
  urgent: "HIGH",
  "two-week-wait": "HIGH",
  routine: "ROUTINE",
};
const STATUS: Record<string, string> = { arrived: "ARRIVED", booked: "SCHEDULED", requested: "SCHEDULED" };
/** Characters of a VR. @see DICOM PS3.5 §6.2 */
const ROOM: Record<string, number> = { SH: 16, LO: 64, CS: 16, AE: 16, UI: 64, DA: 8, TM: 14, LT: 10_240 };

const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Date and time as the clock on the trust's wall has them. */
function wallClock(iso: string): { date: string; time: string } {
  const parts = Object.fromEntries(
    clock.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]),
  );
  return {
    date: `${parts.year}${parts.month}${parts.day}`,
    time: `${parts.hour}${parts.minute}${parts.second}`,
  };
}

/** A backslash would part a value in two. */
function one(vr: string, value: string | undefined): { vr: string; Value?: DicomJsonValue[] } {
  const clean = value
    ?.replaceAll("\\", "/")
    .slice(0, ROOM[vr] ?? 64)
    .trim();
  return clean ? { vr, Value: [clean] } : { vr };
}

const nameOf = (...parts: string[]): { vr: string; Value: DicomJsonValue[] } => {
  const clean = parts.map((part) => part.replaceAll(/[\\^=]/g, " ").trim());
  return { vr: "PN", Value: [{ Alphabetic: clean.join("^").replace(/\^+$/, "") }] };
};

const codeOf = ({ procedureCode, procedureText }: Procedure): DicomJson => ({
  "00080100": one("SH", procedureCode),
  "00080102": one("SH", "99LOCAL"),
  "00080104": one("LO", procedureText || procedureCode),
});

const stepOf = (procedure: Procedure): DicomJson => {
  const { date, time } = wallClock(procedure.scheduledAt);
  return {
    "00080060": one("CS", procedure.modality),
    "00400001": one("AE", procedure.stationAe),
    "00400002": one("DA", date),
    "00400003": one("TM", time),
    "00400006": { vr: "PN" },
    "00400007": one("LO", procedure.procedureText),
    "00400008": { vr: "SQ", Value: [codeOf(procedure)] },
    "00400009": one("SH", procedure.scheduledStepId),
    "00400010": one("SH", procedure.stationName),
    "00400011": one("SH", procedure.location),
    "00400020": one("CS", STATUS[procedure.state]),
  };
};

/** One item of a modality worklist. @see DICOM PS3.4 §K.6.1.2.2 */
export const itemOf = (procedure: Procedure): DicomJson => ({
  "00080050": one("SH", procedure.accessionNumber),
  "00080090": procedure.referrer ? nameOf(procedure.referrer) : { vr: "PN" },
  "00100010": nameOf(procedure.family, procedure.given, procedure.middle, procedure.prefix),
  "00100020": one("LO", procedure.localNumber),
  "00100021": one("LO", procedure.issuer),
  "00100030": one("DA", procedure.birthDate?.replaceAll("-", "")),
  "00100040": one("CS", procedure.sex),
  ...(procedure.nhsNumber
    ? {
        "00101002": {
          vr: "SQ",
          Value: [
            {
              "00100020": one("LO", procedure.nhsNumber),
              "00100021": one("LO", "NHS"),
              "00100022": one("CS", "TEXT"),
            },
          ],
        },
      }
    : {}),
  "0020000D": one("UI", procedure.studyInstanceUid),
  "00321060": one("LO", procedure.procedureText),
  "00321064": { vr: "SQ", Value: [codeOf(procedure)] },
  "00400100": { vr: "SQ", Value: [stepOf(procedure)] },
  "00401001": one("SH", procedure.requestedProcedureId),
  "00401002": one("LO", procedure.question),
  "00401003": one("SH", PRIORITY[procedure.priority]),
});
