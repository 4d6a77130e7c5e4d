export {
  comparePixels,
  type Difference,
  differencesOf,
  type PixelComparison,
} from "./compare-copies.ts";
export {
  type Completeness,
  completenessOfSeries,
  completenessOfStudy,
  missingBetween,
  type SeriesCount,
} from "./completeness.ts";
export { confirmComplete } from "./confirm-complete.ts";
export { compareSets, type SetDifference, type StudyPair } from "./copies.store.ts";
export type { Copy } from "./copies.ts";
export { grantAt } from "./grant.ts";
export { countHeld, findHeld } from "./held.store.ts";
export { indexDerived } from "./index-derived.ts";
export { indexSeries } from "./index-series.ts";
export { type CopyFacts, judgeCopy } from "./judge-copy.ts";
export { findKept, type Kept } from "./kept.store.ts";
export { type OpenedSeries, type OpenedStudy, open } from "./open-study.ts";
export { applyOverlays, type Overlay } from "./overlay.ts";
export { type ReadInstance, readSeries } from "./read-series.ts";
export { type StudyFacts, studyFacts } from "./reading-access.ts";
export { reportDisplayed } from "./report-displayed.ts";
export { servedRows } from "./served.ts";
export { settle, settleSeriesOf } from "./settle-series.ts";
export { type SignedObject, signObjects } from "./sign-objects.ts";
export { storageIdOf } from "./storage-id.ts";
export { replaceInstance, touchStudies } from "./study.store.ts";
export type {
  ConflictCode,
  IncomingInstance,
  IncomingSeries,
  IndexOutcome,
  SeriesAttributes,
  StudyAttributes,
} from "./study.ts";
export { viewerHeader } from "./viewer-header.ts";
