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
export { compareSets, findCopies, type SetDifference, type StudyPair } from "./copies.store.ts";
export type { Copy } from "./copies.ts";
export {
  assignStudy,
  countServed,
  findReferences,
  findStorage,
  findStudiesNamed,
  findStudiesOfRecord,
  LEVELS,
  type Level,
  moveInstancesTo,
  moveSeriesTo,
  noteCorrected,
  type Owner,
  type Reference,
  readSeriesRow,
  setAsideSeries,
  setRejected,
  settleAtOnce,
  setWithheld,
  type Target,
} from "./correcting.store.ts";
export { attributesFor, derivedUid, identityAttributes } from "./derived-identity.ts";
export { describe } from "./describe-study.ts";
export { drawPictures } from "./draw-pictures.ts";
export { findInstances } from "./find-instances.ts";
export { findSeries } from "./find-series.ts";
export { findStudies } from "./find-studies.ts";
export { foldSeries, type NotFolded } from "./fold.store.ts";
export { grantAt } from "./grant.ts";
export { countHeld, findHeld } from "./held.store.ts";
export { endHold, hold } from "./hold-study.ts";
export { indexDerived } from "./index-derived.ts";
export { indexSeries } from "./index-series.ts";
export { isCurrent } from "./is-current.ts";
export { type CopyFacts, judgeCopy } from "./judge-copy.ts";
export { findKept, type Kept } from "./kept.store.ts";
export {
  describeLinked,
  findLinkedPictures,
  findLinkedShares,
  type LinkedPicture,
  type LinkedSeries,
  type LinkedStudy,
  type LinkScope,
  readLinkedSeries,
} from "./linked-images.ts";
export { type DueStudy, listDue } from "./list-due.ts";
export { listOfRecord } from "./list-of-record.ts";
export { readShareSecret } from "./mask.store.ts";
export type { SiteMask } from "./mask-header.ts";
export { maskStudyUid } from "./mask-uid.ts";
export {
  findPatientsInScope,
  findPictureKeys,
  findStudiesNumbered,
  type PictureState,
  type SeriesOfPatient,
} from "./of-patient.store.ts";
export { type StudyOfPatient, studiesOfPatients } from "./of-patient.ts";
export {
  findForeignRecordIds,
  findInstancesToTake,
  findSeriesToTake,
  findStudiesToTake,
  findUidsOf,
  type StudyToTake,
} from "./of-record.store.ts";
export { type OpenedSeries, type OpenedStudy, open } from "./open-study.ts";
export { amendOverlay, type OverlayChange } from "./overlay.store.ts";
export { applyOverlays, changedBy, type Overlay } from "./overlay.ts";
export {
  findManifestRows,
  findPackable,
  findSeriesToPack,
  isAsRead,
  type ManifestRow,
  type NewPack,
  type PackableInstance,
  publishPack,
  type SeriesToPack,
  sumPacks,
} from "./pack.store.ts";
export { findOrigin, findPictureSays, findPlaces, type ServedPlace } from "./places.store.ts";
export { readRetention } from "./read-retention.ts";
export { type ReadInstance, readSeries } from "./read-series.ts";
export {
  findHeldStudy,
  findInstancesOfStudy,
  findOverlays,
  findSeries as findServedSeries,
  type SeriesHead,
} from "./reading.store.ts";
export { heldStudyFacts, noSuchStudy, type StudyFacts, studyFacts } from "./reading-access.ts";
export { recordEdgeLooks } from "./record-edge-looks.ts";
export { recordStep } from "./record-step.ts";
export { reportDisplayed } from "./report-displayed.ts";
export type { Coded, Retrieved } from "./retrieval.ts";
export { retrieve } from "./retrieve.ts";
export { type RetrievedFrames, retrieveFrames } from "./retrieve-frames.ts";
export { retrieveMetadata } from "./retrieve-metadata.ts";
export { endSent, listSent, sendForReporting } from "./send-for-reporting.ts";
export { isServedInstance, isServedSeries, isServedStudy } from "./served.store.ts";
export { servedRows } from "./served.ts";
export { countFiles, findFiles, type ServedFile, signFiles } from "./served-files.ts";
export { settle, settleSeriesOf } from "./settle-series.ts";
export {
  type FramesGranted,
  layOutShare,
  SHARE_HOURS,
  type ShareObject,
  signShare,
  writePictureShares,
  writeShares,
} from "./share-frames.ts";
export { type SignedObject, signObjects } from "./sign-objects.ts";
export { maskedText, siteMaskFor, wordsOfMembers, wordsOfStudies } from "./site-mask.ts";
export { storageIdOf } from "./storage-id.ts";
export {
  createStudy,
  findOrCreateSeries,
  findStudyByUid,
  insertInstances,
  lockStudy,
  recountSeries,
  refreshStudies,
  replaceInstance,
  touchStudies,
} from "./study.store.ts";
export type {
  ConflictCode,
  IncomingInstance,
  IncomingSeries,
  IndexOutcome,
  NotServed,
  SeriesAttributes,
  StudyAttributes,
} from "./study.ts";
export { sweepShares } from "./sweep-shares.ts";
export { unfoldSeries } from "./unfold.store.ts";
export { viewerHeader } from "./viewer-header.ts";
