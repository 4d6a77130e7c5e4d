export {
  ASPECTS,
  type AspectName,
  BASES,
  type Basis,
  Fixed,
  type MeetingCase,
  OUTSIDE_STATES,
  PATHOLOGY_STATES,
  PIN_KINDS,
  STUDY_PARTS,
  type StudyPart,
  type Versions,
} from "./case.ts";
export { LIST_KINDS, type Meeting, type Member, PARTS, type Part, type Series } from "./meeting.ts";
export { dayIn } from "./occurrences.ts";
