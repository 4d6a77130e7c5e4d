import { asDate } from "#features/shell/dates.ts";
import type { Outputs } from "#features/shell/trpc.tsx";
import type { ViewerStudy } from "#viewer/contract.ts";

/** A study as the viewer takes it. */
export const viewerStudyOf = (opened: Outputs["study"]["open"], trustName: string): ViewerStudy => ({
  studyId: opened.studyId,
  patientId: opened.patient.patientId,
  trustName,
  description: opened.description,
  dateText: asDate(opened.studyDate),
  studyDate: opened.studyDate,
  newestDate: opened.newestDate,
  series: opened.series,
});
