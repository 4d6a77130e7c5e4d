export { addCases } from "./add-cases.ts";
export { moveCase, setListed } from "./arrange-cases.ts";
export { answerAsk, askFor, followUp, listAsked } from "./ask-for.ts";
export { bringDeferred } from "./bring-deferred.ts";
export { findCase, findCases, findCasesOfRadiologist, setCaseState } from "./case.store.ts";
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
  type StudyPart,
} from "./case.ts";
export { checkLines } from "./check-lines.ts";
export { decideStudy } from "./decide-study.ts";
export { editCase } from "./edit-case.ts";
export { exportList } from "./export-list.ts";
export { hasChanged } from "./has-changed.ts";
export { hearChange } from "./hear-change.ts";
export { listAhead } from "./list-ahead.ts";
export { listMeetings } from "./list-meetings.ts";
export { listReds } from "./list-reds.ts";
export { listReferral } from "./list-referral.ts";
export { listRemoved } from "./list-removed.ts";
export { listSeries, seriesFor } from "./list-series.ts";
export { listStaff } from "./list-staff.ts";
export { listStudy } from "./list-study.ts";
export { type MeetingFacts, mayListFor, maySeeMeeting } from "./mdt.policy.ts";
export { findMeetingsByIds, findMembers, type MemberRow } from "./meeting.store.ts";
export { type ListKind, type Meeting, PARTS, type Part, type Series } from "./meeting.ts";
export { isOpenToMembers, noSuchCase, noSuchMeeting, partIn } from "./meeting-facts.ts";
export { endMembership, nameMember } from "./name-member.ts";
export { changeOutsideLine, noteOutside, notePathology } from "./note-on-case.ts";
export { dayIn } from "./occurrences.ts";
export { SIDE_WORDS } from "./operation.ts";
export { patientTo } from "./patient-to.ts";
export { editMeeting, publishList } from "./publish-list.ts";
export { readFigures } from "./read-figures.ts";
export { readMeeting } from "./read-meeting.ts";
export { recordReadiness } from "./record-readiness.ts";
export { addLine, settleLine } from "./require-for-case.ts";
export { beginSeries, editSeries } from "./save-series.ts";
export { findStanding, type Standing } from "./standing.store.ts";
export { countUntold } from "./tell.store.ts";
export { tellAsked } from "./tell-asked.ts";
