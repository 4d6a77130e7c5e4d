import type { Candidate } from "#features/patient/candidates.tsx";
import type { Inputs } from "#features/shell/trpc.tsx";

export type Asked = Inputs["correction"]["ask"];
export type Wrong = "patient" | "unfit" | "words";
export type Level = "study" | "series" | "instance";
export type Code = "113001" | "113037" | "113038";

/** What a person has said so far. Empty text in `says`: leave as it is. */
export type Draft = {
  wrong: Wrong;
  level: Level;
  ids: readonly string[];
  patient: Candidate | undefined;
  intoStudyId: string;
  accessionNumber: string;
  code: Code;
  says: {
    description: string;
    bodyPart: string;
    laterality: string;
    burnedIn: string;
    studyDate: string;
    accessionNumber: string;
  };
  reason: string;
};

export const EMPTY: Draft = {
  wrong: "patient",
  level: "study",
  ids: [],
  patient: undefined,
  intoStudyId: "",
  accessionNumber: "",
  code: "113001",
  says: { description: "", bodyPart: "", laterality: "", burnedIn: "", studyDate: "", accessionNumber: "" },
  reason: "",
};

const LEAST_REASON = 3;
const isSide = (text: string): text is "L" | "R" | "B" | "U" => ["L", "R", "B", "U"].includes(text);

const isChecked = (text: string): text is "NO" | "YES" => text === "NO" || text === "YES";

function saysOf({ level, says }: Draft) {
  const text = (value: string) => value.trim();
  return {
    ...(level !== "instance" && text(says.description) ? { description: text(says.description) } : {}),
    ...(level === "study" && says.studyDate ? { studyDate: says.studyDate } : {}),
    ...(level === "study" && text(says.accessionNumber)
      ? { accessionNumber: text(says.accessionNumber) }
      : {}),
    ...(level !== "study" && text(says.bodyPart) ? { bodyPart: text(says.bodyPart).toUpperCase() } : {}),
    ...(level !== "study" && isSide(says.laterality) ? { laterality: says.laterality } : {}),
    ...(level !== "study" && isChecked(says.burnedIn) ? { burnedIn: says.burnedIn } : {}),
  };
}

function moving(studyId: string, draft: Draft, reason: string): Asked | undefined {
  const { patient, level, ids, intoStudyId } = draft;
  if (!patient) return undefined;
  if (level !== "study") {
    const into = intoStudyId ? { studyId: intoStudyId } : { patientId: patient.patientId };
    return ids.length === 0 ? undefined : { kind: "split", studyId, level, ids: [...ids], into, reason };
  }
  const accessionNumber = draft.accessionNumber.trim();
  return {
    kind: "move",
    studyId,
    patientId: patient.patientId,
    ...(accessionNumber ? { accession: { accessionNumber } } : {}),
    reason,
  };
}

/** What is asked of the server; nothing while something is missing. */
export function askedOf(studyId: string, draft: Draft): Asked | undefined {
  const reason = draft.reason.trim();
  const { wrong, level, ids, code } = draft;
  if (reason.length < LEAST_REASON || (level !== "study" && ids.length === 0)) return undefined;
  if (wrong === "patient") return moving(studyId, draft, reason);
  if (wrong === "unfit") return { kind: "reject", studyId, level, ids: [...ids], code, reason };
  const says = saysOf(draft);
  return Object.keys(says).length === 0
    ? undefined
    : { kind: "correct", studyId, level, ids: [...ids], says, reason };
}
