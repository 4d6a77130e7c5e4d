export { glance } from "./glance.ts";
export { impressionOf } from "./impression.ts";
export { findNewestReports, type NewestReport } from "./of-patient.store.ts";
export { findReportsOfRecord } from "./of-record.store.ts";
export { read } from "./read-report.ts";
export { findReleasable, type ReleasableVersion } from "./releasable.store.ts";
export {
  findReportsOfOthers,
  findStudiesByAccession,
  findTiedStudies,
  type NewVersion,
  putReportAside,
  type ReportKey,
  type StudyTie,
  type TiedStudy,
  type WrittenVersion,
  writeVersion,
} from "./report.store.ts";
export {
  type ReportState,
  type ReportStatus,
  type ReportVersion,
  reportStateOf,
  type StatedReport,
} from "./report.ts";
export { reportsOfPatients } from "./reported.store.ts";
