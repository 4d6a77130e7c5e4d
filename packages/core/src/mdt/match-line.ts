import { isHidden, nameKey, nhsNumberOf, type PatientIdentity, type RecordRow } from "../patient/index.ts";
import type { CaseSide, MatchedHow } from "./case.ts";
import { sideFrom } from "./operation.ts";
import { dayFrom, type StatedLine } from "./parse-lines.ts";

export type LineCode =
  | "NHS_NUMBER_MISSING"
  | "NHS_NUMBER_INVALID"
  | "BIRTH_DATE_INVALID"
  | "TARGET_DATE_INVALID"
  | "SIDE_INVALID"
  | "NO_SUCH_PATIENT"
  | "TWO_CANDIDATES"
  | "DIFFERS"
  | "NEEDS_CONFIRMING"
  | "LISTED_ALREADY"
  | "TWICE"
  | "MEMBER_MUST_LIST";

/** What of a line is more than words. */
type Typed = { targetDate: string | undefined; side: CaseSide | undefined };

export type LineMatch =
  | ({ outcome: "matched"; record: RecordRow; how: MatchedHow } & Typed)
  /** A person says that it is this one, or which of them. */
  | { outcome: "confirm"; code: LineCode; says: string; candidates: PatientIdentity[] }
  | { outcome: "wrong"; code: LineCode; says: string };

export type Around = {
  records: readonly RecordRow[];
  /** Of whom on this list already. */
  listed: ReadonlySet<string>;
  /** The trust that runs the meeting: its record stands for a patient. */
  organisation: string;
  /** Classes of each patient, whatever trust marked them. */
  classes: ReadonlyMap<string, readonly string[]>;
  confirmedPatientId: string | undefined;
};

const wrong = (code: LineCode, says: string): LineMatch => ({ outcome: "wrong", code, says });

const spokenFor = (records: readonly RecordRow[], organisation: string) =>
  records.find(({ custodian }) => custodian === organisation) ?? records[0];

/** What was said beside the number holds for one of the patient's records. Nothing said: nobody knows. */
function agrees(line: StatedLine, birthDate: string | undefined, records: readonly RecordRow[]) {
  if (birthDate)
    return records.some(({ facts }) => facts.birthDate === birthDate) ? "nhs-and-birth-date" : "differs";
  if (line.surname === "") return undefined;
  const key = nameKey(line.surname);
  return records.some(({ facts }) => facts.familyKey === key) ? "nhs-and-surname" : "differs";
}

/**
 * Who a line means. It says NHS number and date of birth, or surname; else a person confirms it line by line (clinical page §14).
 * What contradicts the record is never confirmed away: it is put right in the line or at the record.
 */
export function matchLine(line: StatedLine, around: Around): LineMatch {
  if (line.nhsNumber === "") return wrong("NHS_NUMBER_MISSING", "No NHS number stands in this line.");
  const nhsNumber = nhsNumberOf(line.nhsNumber);
  if (!nhsNumber)
    return wrong("NHS_NUMBER_INVALID", "That is no valid NHS number: its check digit does not hold.");
  const birthDate = dayFrom(line.birthDate);
  if (line.birthDate !== "" && !birthDate)
    return wrong("BIRTH_DATE_INVALID", "The date of birth can't be read. Write it as 3/4/1961.");
  const targetDate = dayFrom(line.targetDate);
  if (line.targetDate !== "" && !targetDate)
    return wrong("TARGET_DATE_INVALID", "The target date can't be read. Write it as 3/12/2026.");
  const side = sideFrom(line.side);
  if (line.side !== "" && !side)
    return wrong("SIDE_INVALID", "The side can't be read. Write left, right, both or none.");
  return matchNumber(line, { ...around, nhsNumber, birthDate, targetDate, side });
}

type Read = Around & Typed & { nhsNumber: string; birthDate: string | undefined };

function matchNumber(line: StatedLine, read: Read): LineMatch {
  const { nhsNumber, birthDate, classes, confirmedPatientId } = read;
  const own = read.records.filter(
    ({ facts, patientId }) => facts.nhsNumber === nhsNumber && !isHidden(classes.get(patientId) ?? []),
  );
  const patients = [...new Set(own.map(({ patientId }) => patientId))];
  if (patients.length === 0) return wrong("NO_SUCH_PATIENT", "No trust of the region knows this NHS number.");
  const recordsOf = (patientId: string) => own.filter((one) => one.patientId === patientId);
  const fitting = patients.filter((id) => agrees(line, birthDate, recordsOf(id)) !== "differs");
  if (fitting.length === 0)
    return wrong(
      "DIFFERS",
      `The ${birthDate ? "date of birth" : "surname"} differs from the record of this NHS number.`,
    );
  const chosen = fitting.length === 1 ? fitting[0] : fitting.find((id) => id === confirmedPatientId);
  if (!chosen)
    return {
      outcome: "confirm",
      code: "TWO_CANDIDATES",
      says: "Two people of the region have this NHS number. Say which of them is meant.",
      candidates: identitiesOf(fitting, recordsOf, read.organisation),
    };
  return concluded(line, read, { patientId: chosen, records: recordsOf(chosen) });
}

const identitiesOf = (
  patients: readonly string[],
  recordsOf: (patientId: string) => readonly RecordRow[],
  organisation: string,
): PatientIdentity[] => patients.flatMap((id) => spokenFor(recordsOf(id), organisation)?.identity ?? []);

function concluded(
  line: StatedLine,
  { birthDate, targetDate, side, classes, listed, organisation, confirmedPatientId }: Read,
  { patientId, records }: { patientId: string; records: readonly RecordRow[] },
): LineMatch {
  const record = spokenFor(records, organisation);
  if (!record) return wrong("NO_SUCH_PATIENT", "No trust of the region knows this NHS number.");
  if ((classes.get(patientId) ?? []).length > 0)
    return wrong(
      "MEMBER_MUST_LIST",
      "This record is restricted: a member who cares for the patient has to list them.",
    );
  if (listed.has(patientId)) return wrong("LISTED_ALREADY", "This patient is on this list already.");
  const how = confirmedPatientId === patientId ? "confirmed" : agrees(line, birthDate, records);
  if (how && how !== "differs") return { outcome: "matched", record, how, targetDate, side };
  return {
    outcome: "confirm",
    code: "NEEDS_CONFIRMING",
    says: "Only the NHS number stands in this line. Confirm that this is who is meant.",
    candidates: [record.identity],
  };
}
