import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as Access from "@weald/core/access";
import * as Annotation from "@weald/core/annotation";
import * as Consent from "@weald/core/consent";
import * as Correction from "@weald/core/correction";
import * as Identity from "@weald/core/identity";
import * as Ingest from "@weald/core/ingest";
import { AccessDenied, type Actor, type Ctx, NotFound, WealdError } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import * as Operations from "@weald/core/operations";
import * as Organisation from "@weald/core/organisation";
import * as Patient from "@weald/core/patient";
import * as Preference from "@weald/core/preference";
import * as Referral from "@weald/core/referral";
import * as Reporting from "@weald/core/reporting";
import * as Review from "@weald/core/review";
import * as Room from "@weald/core/room";
import * as Study from "@weald/core/study";
import * as Takeout from "@weald/core/takeout";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { ACTIVITIES_OF } from "@weald/dev-env/people";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { dicom, image, rowan, rows, sendAll, studyIdOf, systemCtx } from "../sent.ts";

// Next resolves it to nothing on the server; here it would throw.
vi.mock("../../../apps/web/node_modules/server-only/index.js", () => ({}));

/**
 * Every procedure of the portal × role × own or other trust × what the patient is, against a table that a person can read.
 * Each is really asked, in a transaction that is rolled back. WEALD_WRITE_MATRIX=1 writes the table anew: read what changed.
 */
const TABLE = path.resolve(import.meta.dirname, "../../../docs/access-matrix.md");
const ROUTERS = path.resolve(import.meta.dirname, "../../../apps/web/src/server/routers/app.ts");
const ROUTE = path.resolve(import.meta.dirname, "../../../apps/web/src/app/api/trpc/[trpc]/route.ts");
const DOMAINS = {
  ...{
    Access,
    Annotation,
    Consent,
    Correction,
    Identity,
    Ingest,
    Mdt,
    Operations,
    Organisation,
    Patient,
    Preference,
    Referral,
    Reporting,
    Review,
    Room,
    Study,
    Takeout,
    Timeline,
    Worklist,
  },
};

const ROLES = [
  "radiologist",
  "clinician",
  "radiographer",
  "mdt-coordinator",
  "pacs-manager",
  "privacy-officer",
  "caldicott-guardian",
  "clinical-safety-officer",
  "outside-reporter",
  "gateway",
  "system",
] as const;
const TRUSTS = { own: "RXC", other: "RA2" } as const;
const CLASSES = ["ordinary", "vip", "forensic"] as const;
type Asker = { role: (typeof ROLES)[number]; trust: keyof typeof TRUSTS };
const ASKERS: Asker[] = ROLES.flatMap((role) =>
  (["own", "other"] as const).map((trust) => ({ role, trust })),
);

/** A study of RXC, of somebody of one class, and what hangs on it. */
type Of = {
  studyId: string;
  seriesId: string;
  instanceId: string;
  patientId: string;
  recordId: string;
  localNumber: string;
  /** A reader's published mark. */
  markId: string;
};
/** What there is but once. */
type One = Record<
  | "glassId"
  | "objectionId"
  | "agreementId"
  | "correctionId"
  | "quarantineId"
  | "discardId"
  | "uploadId"
  | "holdId"
  | "grantId"
  | "markId"
  | "listSeriesId"
  | "meetingId"
  | "caseId"
  | "askId"
  | "requirementId"
  | "outsideId"
  | "linkId"
  | "other",
  string
>;

const NONE = "00000000-0000-7000-8000-000000000000";
const WHY = "as the matrix asks";
const AT_ONCE = 20;
const NOW = new Date().toISOString();
const SOON = new Date(Date.now() + 86_400_000).toISOString();
const nothing = () => ({});
const study = ({ studyId }: Of) => ({ studyId });
const patient = ({ patientId }: Of) => ({ patientId });
const aLink = ({ linkId }: One) => ({ linkId });
const local = ({ localNumber }: Of) => ({ kind: "local-number", localNumber });

const meeting = ({ meetingId }: One) => ({ meetingId });
const SERIES = {
  ...{ name: "Lung MDT", specialty: "Lung", weekday: 4, localTime: "13:30", durationMinutes: 90 },
  ...{ firstOn: "2026-01-01", cutOffHours: 48, visibleHours: 24 },
};

/** What each procedure is asked with. One that takes no patient or study is asked once; a new procedure must be given a line. */
const ASKED: Record<string, { once: (one: One) => unknown } | { of: (of: Of, one: One) => unknown }> = {
  "Consent.previewShare": { of: ({ studyId }) => ({ studyIds: [studyId], hasReport: true }) },
  "Consent.share": {
    of: ({ studyId }) => ({
      ...{ linkId: randomUUID(), scopes: [{ studyId, shows: { kind: "study" } }] },
      ...{ delivery: "in-person", hasReport: true },
    }),
  },
  "Consent.listOfPatient": { of: patient },
  "Consent.listOfStudy": { of: study },
  "Consent.exportConsent": { once: aLink },
  "Consent.resend": { once: aLink },
  "Consent.handOver": { once: aLink },
  "Consent.endLink": { once: aLink },
  "Consent.endOfPatient": { of: patient },
  "Consent.endOfStudy": { of: study },
  "Consent.endOfIssuer": { once: () => ({ issuedBy: "555000000001" }) },
  "Consent.listContacts": { of: patient },
  "Consent.saveContact": {
    of: ({ patientId }) => ({
      ...{ contactId: randomUUID(), patientId, channel: "email", address: "somebody@example.org" },
    }),
  },
  "Consent.confirmContact": { once: () => ({ contactId: NONE }) },
  "Consent.endContact": { once: () => ({ contactId: NONE }) },
  "Consent.listProxies": { of: patient },
  "Consent.saveProxy": {
    of: ({ patientId }) => ({
      ...{ proxyId: randomUUID(), patientId, name: "Somebody", basis: "nomination", evidence: WHY },
    }),
  },
  "Consent.reviewProxy": { once: () => ({ proxyId: NONE }) },
  "Consent.endProxy": { once: () => ({ proxyId: NONE }) },
  "Consent.readWishes": { of: ({ patientId }) => ({ patientId }) },
  "Consent.setWishes": { of: ({ patientId }) => ({ patientId, callFirst: "no", quiet: "no" }) },
  "Consent.markRelease": { of: ({ studyId }) => ({ studyId, mark: "told" }) },
  "Consent.listRules": { once: nothing },
  "Consent.setRule": { once: () => ({ modality: "CT", rule: null }) },
  "Consent.setSettings": {
    once: () => ({ reviewAge: 13, helpName: "", helpPhone: "", helpHours: "" }),
  },
  "Consent.listTasks": { once: nothing },
  "Consent.finishTask": { once: () => ({ taskId: NONE }) },
  "Identity.readSession": { once: nothing },
  "Identity.touchSession": { once: nothing },
  "Identity.lockSession": { once: () => ({ why: "asked" }) },
  "Identity.listMySessions": { once: nothing },
  "Identity.endSession": { once: () => ({ sessionId: NONE }) },
  "Identity.listPeople": { once: nothing },
  "Identity.grantActivity": {
    once: () => ({
      personId: "555000000001",
      displayName: "Somebody",
      activity: "view",
      endsAt: SOON,
      reason: WHY,
    }),
  },
  "Identity.endGrant": { once: ({ grantId }) => ({ grantId, reason: WHY }) },
  "Organisation.list": { once: nothing },
  "Organisation.listAgreements": { once: nothing },
  "Organisation.add": { once: () => ({ odsCode: "RXX", name: "A sixth", part: "member" }) },
  "Organisation.beginAgreement": {
    once: () => ({ odsCode: "RTP", withOds: "RXC", kinds: ["images"], purposes: ["audit"] }),
  },
  "Organisation.previewEnd": { once: ({ agreementId }) => ({ agreementId }) },
  "Organisation.endAgreement": { once: ({ agreementId }) => ({ agreementId, reason: WHY }) },
  "Organisation.stopAgreement": { once: ({ agreementId }) => ({ agreementId, reason: WHY }) },
  "Preference.readViewer": { once: nothing },
  "Preference.keepViewer": { once: nothing },
  "Timeline.read": { of: ({ patientId }) => ({ patientId }) },
  "Timeline.signPictures": { of: ({ patientId, seriesId }) => ({ patientId, seriesIds: [seriesId] }) },
  "Timeline.priors": { of: ({ studyId }) => ({ studyId }) },
  "Timeline.listRecent": { once: nothing },
  "Referral.findReceivers": { once: () => ({ words: "nair" }) },
  "Referral.sendReferral": {
    of: ({ studyId }) => ({ referralId: randomUUID(), studyId, toPersonId: "555000000001", question: WHY }),
  },
  "Referral.listReferrals": { once: () => ({ box: "received" }) },
  "Referral.countReferrals": { once: nothing },
  "Referral.openReferral": { once: () => ({ referralId: NONE }) },
  "Referral.answerReferral": { once: () => ({ referralId: NONE, reply: WHY }) },
  "Referral.withdrawReferral": { once: () => ({ referralId: NONE }) },
  "Timeline.findNumbered": { once: () => ({ accessionNumber: "M-1" }) },
  "Mdt.listSeries": { once: nothing },
  "Mdt.listStaff": { once: () => ({ organisation: "RXC" }) },
  "Mdt.beginSeries": { once: () => SERIES },
  "Mdt.editSeries": { once: ({ listSeriesId }) => ({ seriesId: listSeriesId, version: 1, fields: SERIES }) },
  "Mdt.nameMember": {
    once: ({ listSeriesId }) => ({
      ...{ seriesId: listSeriesId, personId: "555000000004", displayName: "Somebody else" },
      ...{ worksFor: "RXC", part: "nurse" },
    }),
  },
  "Mdt.endMembership": { once: ({ listSeriesId }) => ({ seriesId: listSeriesId, personId: "555000000004" }) },
  "Mdt.listMeetings": { once: nothing },
  "Mdt.readMeeting": { once: meeting },
  "Mdt.editMeeting": { once: (one) => ({ ...meeting(one), version: 1, note: WHY, rooms: [] }) },
  "Mdt.publishList": { once: (one) => ({ ...meeting(one), version: 1, state: "published" }) },
  "Mdt.hasChanged": { once: ({ meetingId }) => ({ meetingIds: [meetingId], since: "1" }) },
  "Mdt.checkLines": { once: (one) => ({ ...meeting(one), text: "9990000018, 3/4/1961" }) },
  "Mdt.addCases": {
    once: (one) => ({
      ...{ ...meeting(one), source: "paste", basis: "request", basisWords: WHY },
      lines: [{ line: 1, nhsNumber: "9990000018", birthDate: "3/4/1961" }],
    }),
  },
  "Mdt.listAhead": { once: nothing },
  "Mdt.listStudy": { of: ({ studyId }, one) => ({ ...meeting(one), studyId, askedBy: WHY }) },
  "Mdt.listReferral": { once: (one) => ({ ...meeting(one), referralId: NONE }) },
  "Mdt.bringDeferred": { once: meeting },
  "Mdt.editCase": {
    once: ({ caseId }) => ({ caseId, version: 1, group: "question", fields: { question: WHY } }),
  },
  "Mdt.moveCase": { once: ({ meetingId, caseId }) => ({ meetingId, caseId, to: 1 }) },
  "Mdt.setListed": { once: ({ caseId }) => ({ caseId, isListed: false, reason: WHY }) },
  "Mdt.listRemoved": { once: meeting },
  "Mdt.decideStudy": { of: ({ studyId }, { caseId }) => ({ caseId, studyId, part: "prior" }) },
  "Mdt.addLine": { once: ({ caseId }) => ({ caseId, line: { kind: "other", label: "Lung function" } }) },
  "Mdt.settleLine": {
    once: ({ caseId, requirementId }) => ({
      ...{ caseId, requirementId, version: 1 },
      said: { what: "waived", reason: WHY },
    }),
  },
  "Mdt.notePathology": {
    once: ({ caseId }) => ({ caseId, state: "noted", words: "benign", source: "the laboratory" }),
  },
  "Mdt.noteOutside": {
    once: ({ caseId }) => ({
      ...{ caseId, heldBy: "Kent", what: "PET-CT" },
      ...{ askedOf: "its PACS office", askedOn: "2026-11-20" },
    }),
  },
  "Mdt.changeOutsideLine": {
    once: ({ caseId, outsideId }) => ({ caseId, outsideId, version: 1, state: "promised", said: "" }),
  },
  "Mdt.askFor": { once: ({ caseId }) => ({ caseId, about: "report", askedOf: "Dr Okafor" }) },
  "Mdt.followUp": { once: ({ askId }) => ({ askId, what: "withdraw" }) },
  "Mdt.answerAsk": { once: ({ askId }) => ({ askId, said: WHY }) },
  "Mdt.listAsked": { once: nothing },
  "Mdt.listReds": { once: nothing },
  "Mdt.exportList": { once: (one) => ({ ...meeting(one), withNames: true }) },
  "Mdt.readFigures": { once: () => ({ from: "2026-01-01", to: "2026-12-31" }) },
  "Worklist.list": { once: nothing },
  "Worklist.hasChanged": { once: () => ({ since: "1" }) },
  "Worklist.listNews": { once: () => ({ studyIds: [] }) },
  "Worklist.whoReads": { once: () => ({ studyIds: [] }) },
  "Worklist.listProcedures": { once: () => ({ from: new Date().toISOString(), to: SOON }) },
  "Worklist.listNeeded": { once: nothing },
  "Patient.lookUp": { of: ({ localNumber }) => ({ by: "local-number", custodian: "RXC", localNumber }) },
  "Patient.listPairs": { once: () => ({ custodian: "RXC" }) },
  "Patient.neverLink": { of: ({ recordId }, { other }) => ({ recordA: recordId, recordB: other }) },
  "Patient.markSensitive": {
    of: ({ localNumber }) => ({ custodian: "RXC", localNumber, sensitivities: ["staff"] }),
  },
  "Patient.markRecord": { of: ({ localNumber }) => ({ localNumber, class: "staff", reason: WHY }) },
  "Patient.listMarks": { once: nothing },
  "Patient.endMark": { once: ({ markId }) => ({ markId, reason: WHY }) },
  "Access.stateRelationship": { of: ({ patientId }) => ({ patientId, statement: "treating-now" }) },
  "Access.breakGlass": { of: ({ patientId }) => ({ patientId, reason: "urgent-care" }) },
  "Access.listOwnGlass": { once: nothing },
  "Access.endGlass": { once: ({ glassId }) => ({ glassId }) },
  "Access.listGlass": { once: nothing },
  "Access.countGlass": { once: nothing },
  "Access.reviewGlass": { once: ({ glassId }) => ({ glassId, outcome: "justified" }) },
  "Access.recordObjection": { of: ({ localNumber }) => ({ localNumber, discussedBy: "Dr Okafor" }) },
  "Access.listObjections": { once: nothing },
  "Access.endObjection": { once: ({ objectionId }) => ({ objectionId }) },
  "Access.stateOwnRecord": {
    of: ({ localNumber }) => ({ localNumber, personId: "555000000001", isTheirs: true }),
  },
  "Study.open": { of: study },
  "Study.describe": { of: study },
  "Study.readSeries": { of: ({ seriesId }) => ({ seriesId }) },
  "Study.signObjects": { of: ({ studyId, instanceId }) => ({ studyId, instanceIds: [instanceId] }) },
  "Study.reportDisplayed": { of: ({ studyId, seriesId }) => ({ studyId, seriesId, frames: 1 }) },
  "Study.confirmComplete": { of: ({ studyId }) => ({ studyId, count: 1 }) },
  "Study.isCurrent": { of: ({ studyId }) => ({ studyId, servedVersion: 1 }) },
  "Study.readRetention": { of: study },
  "Study.listOfRecord": { of: ({ localNumber }) => ({ localNumber }) },
  "Study.sendForReporting": {
    of: ({ studyId }) => ({ studyId, personId: "555000000003", organisation: "RA2" }),
  },
  "Study.listSent": { of: study },
  "Study.endSent": { of: ({ studyId }) => ({ studyId, assignmentId: NONE }) },
  "Study.hold": { of: ({ studyId }) => ({ studyId, reason: WHY }) },
  "Study.endHold": { once: ({ holdId }) => ({ holdId, reason: WHY }) },
  "Study.listDue": { once: () => ({ custodian: "RXC", at: "2060-01-01" }) },
  "Study.recordEdgeLooks": {
    of: ({ studyId, patientId }) => ({
      looks: [
        {
          ...{ lookId: NONE, verb: "listed", lookedAt: NOW, asOf: NOW, count: 1 },
          ...{ by: "X", studies: [{ studyId, patientId }] },
        },
      ],
    }),
  },
  "Study.recordStep": { once: () => ({ sopInstanceUid: mintUid(), state: "in-progress" }) },
  "Correction.ask": {
    of: ({ studyId }) => ({ kind: "reject", studyId, level: "study", code: "113037", reason: WHY }),
  },
  "Correction.confirm": { once: ({ correctionId }) => ({ correctionId }) },
  "Correction.decline": { once: ({ correctionId }) => ({ correctionId, reason: WHY }) },
  "Correction.undo": { once: ({ correctionId }) => ({ correctionId, reason: WHY }) },
  "Correction.listCorrections": { once: nothing },
  "Correction.listNotices": { once: nothing },
  "Correction.acknowledge": { once: () => ({ noticeId: NONE }) },
  "Correction.joinRecords": {
    of: ({ recordId }, { other }) => ({ fromRecordId: recordId, intoRecordId: other, reason: WHY }),
  },
  "Correction.partRecords": { once: () => ({ mergeId: NONE, reason: WHY }) },
  "Correction.listJoined": { once: nothing },
  "Reporting.glance": { of: study },
  "Reporting.read": { of: study },
  "Ingest.beginUpload": { once: () => ({ door: "portal" }) },
  "Ingest.signItems": {
    once: ({ uploadId }) => ({ uploadId, files: [{ ref: "a", sizeBytes: 100, kind: "dicom" }] }),
  },
  "Ingest.readOutcomes": { once: ({ uploadId }) => ({ uploadId, itemIds: [NONE] }) },
  "Ingest.finishUpload": { once: ({ uploadId }) => ({ uploadId }) },
  "Ingest.reconcile": { once: () => ({ studyInstanceUid: "1.2.3", sopInstanceUids: ["1.2.3.4"] }) },
  "Ingest.listQuarantine": { once: nothing },
  "Ingest.retryQuarantined": { once: ({ quarantineId }) => ({ quarantineId, reason: WHY }) },
  "Ingest.discardQuarantined": { once: ({ discardId }) => ({ quarantineId: discardId, reason: WHY }) },
  "Ingest.compareQuarantined": { once: ({ quarantineId }) => ({ quarantineId }) },
  "Ingest.signQuarantined": { once: ({ quarantineId }) => ({ quarantineId }) },
  "Ingest.solveConflict": {
    once: ({ quarantineId }) => ({ quarantineIds: [quarantineId], way: "keep", reason: WHY }),
  },
  "Ingest.listOutside": { once: nothing },
  "Ingest.confirmOutside": { once: () => ({ uploadId: NONE, identityKey: "0".repeat(32), reason: WHY }) },
  "Ingest.discardOutside": { once: () => ({ uploadId: NONE, identityKey: "0".repeat(32), reason: WHY }) },
  "Operations.readArrivals": { once: nothing },
  "Operations.readQueues": { once: nothing },
  "Operations.readStorage": { once: nothing },
  "Operations.readGateways": { once: nothing },
  "Operations.readWaiting": { once: nothing },
  "Operations.tellGateway": {
    once: () => ({
      ...{ version: "0.1.0", startedAt: NOW, waiting: { count: 0, bytes: 0 } },
      ...{ freeBytes: 1, isRefusing: false },
    }),
  },
  "Review.listEvents": { of: ({ patientId }) => ({ of: { by: "patient", patientId } }) },
  "Review.exportEvents": { of: ({ patientId }) => ({ of: { by: "patient", patientId }, as: "csv" }) },
  "Review.looksOfPatient": { of: ({ patientId }) => ({ patientId }) },
  "Review.readSeals": { once: nothing },
  "Review.countEvents": { once: nothing },
  "Review.listFlags": { once: nothing },
  "Review.closeFlag": { once: () => ({ flagId: NONE, outcome: "explained", note: WHY }) },
  "Annotation.listMarks": { of: study },
  "Annotation.saveMark": {
    of: ({ studyId, instanceId }) => ({
      ...{ studyId, markId: randomUUID(), version: 0, content: { kind: "key-image" } },
      frame: { instanceId, instanceVersion: 1, frame: 1 },
    }),
  },
  "Annotation.publishMarks": { of: ({ studyId, markId }) => ({ studyId, markIds: [markId] }) },
  "Annotation.withdrawMark": { of: ({ studyId, markId }) => ({ studyId, markId }) },
  "Annotation.openView": { of: ({ studyId, markId }) => ({ studyId, viewId: markId }) },
  "Annotation.finishRead": { of: study },
  "Annotation.noteReading": { of: (target) => ({ ...study(target), is: "reading" as const }) },
  "Annotation.readBookmark": { of: study },
  "Annotation.keepBookmark": { of: (target) => ({ ...study(target), servedVersion: 1, place: null }) },
  "Annotation.beginExport": {
    of: ({ studyId }) => ({ studyId, files: [{ ref: "a", sizeBytes: 100, kind: "dicom" }] }),
  },
  "Annotation.readExport": { of: ({ studyId }) => ({ studyId, uploadId: NONE, itemIds: [NONE] }) },
  "Room.listCases": { once: meeting },
  "Room.listToPrepare": { once: nothing },
  "Room.readCase": { once: ({ caseId }) => ({ caseId }) },
  "Room.readAhead": { once: ({ caseId }) => ({ caseId }) },
  "Room.pin": {
    once: ({ caseId }) => ({ caseId, pinId: NONE, studyId: NONE, kind: "view", subjectId: NONE }),
  },
  "Room.unpin": { once: ({ caseId }) => ({ caseId, pinId: NONE }) },
  "Room.saveReview": { once: ({ caseId }) => ({ caseId, version: 0, review: WHY }) },
  "Room.markPrepared": { once: ({ caseId }) => ({ caseId, isPrepared: false, studyIds: [] }) },
  "Room.present": { once: (one) => ({ ...meeting(one), step: 1 }) },
  "Room.follow": { once: meeting },
  "Room.keepCase": { once: ({ caseId }) => ({ caseId }) },
  "Room.noteLook": { once: ({ caseId }) => ({ caseId, lookedAt: NOW }) },
  "Room.beginDisplay": { once: meeting },
  "Room.recordAttendance": {
    once: (one) => ({ ...meeting(one), attendees: [{ attendee: "guest:Somebody", isPresent: true }] }),
  },
  "Room.saveOutcome": {
    once: ({ caseId }) => ({ caseId, version: 0, words: { kind: "decided", decision: WHY } }),
  },
  "Room.saveAction": {
    once: ({ caseId }) => ({
      ...{ caseId, actionId: randomUUID(), version: 0 },
      words: { what: WHY, owner: "Somebody" },
    }),
  },
  "Room.finishAction": { once: () => ({ actionId: NONE, isDone: true }) },
  "Room.chaseAction": { once: () => ({ actionId: NONE }) },
  "Room.listActions": { once: nothing },
  "Room.listOpenActions": { once: nothing },
  "Room.countOwnActions": { once: nothing },
  "Room.giveOpinion": { once: ({ caseId }) => ({ caseId, opinion: "agrees" }) },
  "Room.signOutcome": { once: ({ caseId }) => ({ caseId, version: 1, studyIds: [] }) },
  "Room.addAddendum": { once: ({ caseId }) => ({ caseId, words: WHY }) },
  "Room.readLetter": { once: ({ caseId }) => ({ caseId }) },
  "Room.noteSent": { once: ({ caseId }) => ({ caseId, channel: "gp", recipient: "A surgery" }) },
  "Room.noteAcknowledged": { once: ({ caseId }) => ({ caseId, deliveryId: NONE, by: "Somebody" }) },
  "Room.listTold": { once: nothing },
  "Room.acknowledgeTold": { once: () => ({ changeId: NONE }) },
  "Room.listDifferences": { once: nothing },
  "Takeout.listRecords": { of: (of) => ({ whose: local(of) }) },
  "Takeout.readRecord": { of: (of) => ({ whose: local(of), recordId: of.recordId }) },
  "Takeout.readEvents": { of: (of) => ({ whose: local(of), recordId: of.recordId }) },
  "Takeout.signStudy": { of: (of) => ({ whose: local(of), recordId: of.recordId, studyId: of.studyId }) },
  "Takeout.takePicture": {
    of: ({ studyId, instanceId }) => ({ studyId, instanceId, frame: 1, withPatientText: true }),
  },
  "Takeout.takeStudy": { of: study },
  "Takeout.signFiles": { of: study },
  "Takeout.signMessages": { of: (of) => ({ whose: local(of), recordId: of.recordId }) },
};

/** The procedures, as the portal's one file names them. */
const procedures = [
  ...new Set(
    [...readFileSync(ROUTERS, "utf8").matchAll(/(?:queryOf|mutationOf)\((\w+\.\w+)\)/g)].map(
      ([, name]) => name ?? "",
    ),
  ),
];

type Way = { name: string; path: string; isQuery: boolean };
/** Where each stands in the portal's router: `correction.list` is `Correction.listCorrections`. */
const ways: Way[] = [
  ...readFileSync(ROUTERS, "utf8").matchAll(/^ {2}(\w+): router\(\{([\s\S]*?)\}\),$/gm),
].flatMap(([, domain = "", inside = ""]) =>
  [...inside.matchAll(/(\w+): (query|mutation)Of\((\w+\.\w+)\)/g)].map(([, key, how, name = ""]) => ({
    ...{ name, path: `${domain}.${key}`, isQuery: how === "query" },
  })),
);

type Anything = (ctx: Ctx, input: unknown) => Promise<unknown>;
function actionOf(procedure: string): Anything {
  const [domain = "", name = ""] = procedure.split(".");
  const found = Object.entries(DOMAINS).find(([key]) => key === domain)?.[1];
  const action: unknown = found && Object.entries(found).find(([key]) => key === name)?.[1];
  if (typeof action !== "function") throw new Error(`no action ${procedure}`);
  return (ctx, input) => Promise.resolve(Reflect.apply(action, undefined, [ctx, input]));
}

const SESSION = "0199a000-0000-7000-8000-0000000000aa";
const LINK = "0199a000-0000-7000-8000-0000000000bb";

type Transaction = Ctx["service"]["db"]["transaction"];
/** Nothing that is asked here stays. */
function rollingBack(db: { transaction: Transaction }): Transaction {
  return async (facts, work) => {
    let done: { value: Awaited<ReturnType<typeof work>> } | undefined;
    try {
      await db.transaction(facts, async (tx) => {
        done = { value: await work(tx) };
        throw new RolledBack();
      });
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
    }
    if (!done) throw new Error("a transaction ended without an answer");
    return done.value;
  };
}
function unkept(ctx: Ctx): Ctx {
  const { db } = ctx.service;
  return { ...ctx, service: { ...ctx.service, db: { ...db, transaction: rollingBack(db) } } };
}
class RolledBack extends Error {}

const Answered = z.array(
  z.union([
    z.object({ result: z.object({ data: z.unknown() }) }),
    z.object({
      error: z.object({
        message: z.string(),
        data: z.object({
          code: z.string(),
          weald: z.object({ code: z.string(), reason: z.string().optional() }).optional(),
        }),
      }),
    }),
  ]),
);
type OneAnswer = z.output<typeof Answered>[number];

/** The same words for an answer that came by HTTP. */
function cellOf(answer: OneAnswer): string {
  if ("result" in answer) return "yes";
  const { code, weald } = answer.error.data;
  if (weald?.reason) return weald.reason === "not-for-this-role" ? "no" : weald.reason;
  return code === "NOT_FOUND" ? "absent" : `yes (${weald?.code ?? code})`;
}

/** `yes`: the policy let it through, whatever the rest said then. */
async function answerOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "yes";
  } catch (error) {
    if (error instanceof AccessDenied) return error.reason === "not-for-this-role" ? "no" : error.reason;
    if (error instanceof NotFound) return "absent";
    if (error instanceof WealdError && error.code !== "INPUT_INVALID") return `yes (${error.code})`;
    if (error instanceof WealdError && process.env.WEALD_WRITE_MATRIX) return `WRONG INPUT ${error.log}`;
    throw error;
  }
}

function actorOf({ role, trust }: Asker): Actor {
  const [id, organisation] = [`${role}-${trust}`, TRUSTS[trust]];
  if (role === "gateway")
    return { kind: "client", id, organisation, scopes: ["inbox.write", "worklist.read", "procedure.write"] };
  if (role === "system")
    return { kind: "client", id, organisation, scopes: ["studies.read", "studies.read.region"] };
  return { kind: "person", id, roleId: `${id}-1`, role, organisation, activities: ACTIVITIES_OF[role] };
}

/** A reader's published mark, of somebody who asks nothing in the matrix. */
async function markedBy(
  ctx: Ctx,
  { studyId, markId, instanceId }: Pick<Of, "studyId" | "markId" | "instanceId">,
) {
  const frame = { instanceId, instanceVersion: 1, frame: 1 };
  await Annotation.saveMark(ctx, { studyId, markId, version: 0, frame, content: { kind: "key-image" } });
  await Annotation.publishMarks(ctx, { studyId, markIds: [markId] });
}

describe("the matrix of access", () => {
  let region: Region;
  const held = new Map<string, Of>();
  let one: One;

  /** Two things that wait for a person: one to be tried again, one to be discarded. */
  async function setAside(what: string): Promise<Pick<One, "quarantineId" | "discardId">> {
    for (const nth of ["one", "other"])
      await sendAll(region, "RXC", dicom(Buffer.from(`${what} is no DICOM object, nor is the ${nth}`)));
    const [first, second] = await rows<{ id: string }>(
      region,
      "SELECT id::text FROM quarantine_item ORDER BY id DESC LIMIT 2",
    );
    return { quarantineId: first?.id ?? NONE, discardId: second?.id ?? NONE };
  }

  /** A link of RXC that somebody in the matrix has not issued, and a session of it. */
  async function linked({ studyId, patientId }: Of): Promise<string> {
    const issuer = { ...actorOf({ role: "radiologist", trust: "own" }), id: "links-for-rxc" };
    await Consent.share(region.ctxOf(issuer), {
      ...{ linkId: LINK, scopes: [{ studyId, shows: { kind: "study" } }] },
      ...{ delivery: "in-person", hasReport: true },
    });
    await rows(
      region,
      `INSERT INTO link_session (id, hash, link_id, organisation, patient_id, device, agent_hash, began_at, last_seen_at, ends_at)
       VALUES ($1::uuid, 'of the matrix', $2::uuid, 'RXC', $3::uuid, 'phone', '', now(), now(), now() + interval '1 hour') RETURNING id`,
      SESSION,
      LINK,
      patientId,
    );
    return LINK;
  }

  /** A meeting of RXC with a case, and what hangs on it, of somebody who reads nothing in the matrix. */
  async function onAList({ patientId, recordId }: Of) {
    const coordinator = actorOf({ role: "mdt-coordinator", trust: "own" });
    const ctx = region.ctxOf({ ...coordinator, id: "lists-for-rxc" });
    const { seriesId: listSeriesId } = await Mdt.beginSeries(ctx, SERIES);
    const { meetings } = await Mdt.listMeetings(ctx, {});
    const meetingId = meetings.find(({ endsAt }) => Date.parse(endsAt) > Date.now() + 86_400_000)?.id ?? NONE;
    const [caseId, askId, requirementId, outsideId] = [
      randomUUID(),
      randomUUID(),
      randomUUID(),
      randomUUID(),
    ];
    await rows(
      region,
      `INSERT INTO meeting_case (id, meeting_id, organisation, patient_record_id, patient_id, matched_how, source, basis, basis_words, position, added_by, added_at, changed_by)
       VALUES ($1::uuid, $2::uuid, 'RXC', $3::uuid, $4::uuid, 'confirmed', 'by-hand', 'request', 'x', 1, 'x', now(), 'x') RETURNING id::text`,
      ...[caseId, meetingId, recordId, patientId],
    );
    await rows(
      region,
      `INSERT INTO case_ask (id, case_id, organisation, about, asked_of, asked_by, asked_at)
       VALUES ($1::uuid, $2::uuid, 'RXC', 'report', 'x', 'x', now()) RETURNING id::text`,
      ...[askId, caseId],
    );
    await rows(
      region,
      `INSERT INTO case_requirement (id, case_id, organisation, position, kind, label, is_from_template, added_by, added_at)
       VALUES ($1::uuid, $2::uuid, 'RXC', 1, 'other', 'x', false, 'x', now()) RETURNING id::text`,
      ...[requirementId, caseId],
    );
    await rows(
      region,
      `INSERT INTO case_outside_line (id, case_id, organisation, held_by, what, asked_of, asked_on, state, changed_by, changed_at)
       VALUES ($1::uuid, $2::uuid, 'RXC', 'x', 'x', 'x', '2026-11-20', 'asked', 'x', now()) RETURNING id::text`,
      ...[outsideId, caseId],
    );
    return { listSeriesId, meetingId, caseId, askId, requirementId, outsideId };
  }

  beforeAll(async () => {
    region = await Region.create();
    const [manager, officer] = [region.as("tom.reyes"), region.as("edmund.frost")];
    for (const kind of [...CLASSES, "other", "corrected"]) {
      const localNumber = `RXC-${kind}`;
      const uid = mintUid();
      await sendAll(region, "RXC", image({ study: uid, of: rowan({ localNumber, nhs: "", given: kind }) }));
      const studyId = await studyIdOf(region, uid);
      const [found] = await rows<Omit<Of, "studyId" | "localNumber" | "markId">>(
        region,
        `SELECT s.patient_id::text AS "patientId", s.patient_record_id::text AS "recordId", e.id::text AS "seriesId", i.id::text AS "instanceId"
         FROM study s JOIN series e ON e.study_id = s.id JOIN instance i ON i.series_id = e.id WHERE s.id = $1::uuid`,
        studyId,
      );
      const markId = randomUUID();
      if (found) held.set(kind, { studyId, localNumber, markId, ...found });
      await markedBy(region.as("amara.okafor"), { studyId, markId, instanceId: found?.instanceId ?? NONE });
      if (kind === "vip" || kind === "forensic")
        await Patient.markSensitive(systemCtx(region), {
          custodian: "RXC",
          localNumber,
          sensitivities: [kind],
        });
    }
    const of = (kind: string) => held.get(kind) ?? Object.assign({} as Of, {});
    const clinician = await region.signedIn("ines.marlow");
    const { glassId } = await Access.breakGlass(clinician, {
      patientId: of("other").patientId,
      reason: "urgent-care",
    });
    const { objectionId } = await Access.recordObjection(manager, {
      localNumber: "RXC-other",
      discussedBy: "Dr Okafor",
    });
    const { markId } = await Patient.markRecord(manager, {
      ...{ localNumber: "RXC-other", class: "staff", reason: WHY },
    });
    const agreements = await Organisation.listAgreements(officer, {});
    const corrected = await Correction.ask(manager, {
      ...{ kind: "reject", studyId: of("corrected").studyId, level: "study", code: "113037", reason: WHY },
    });
    const aside = await setAside("this");
    const { uploadId } = await Ingest.beginUpload(manager, { door: "portal" });
    const { holdId } = await Study.hold(manager, { studyId: of("other").studyId, reason: WHY });
    const { grantId } = await Identity.grantActivity(manager, {
      ...{
        personId: "555000000002",
        displayName: "Somebody",
        activity: "view",
        endsAt: new Date(SOON),
        reason: WHY,
      },
    });
    one = {
      ...{ glassId, objectionId, uploadId, holdId, grantId, markId },
      agreementId: agreements.find(({ odsCode }) => odsCode === "RXC")?.agreementId ?? NONE,
      correctionId: corrected.correctionId,
      ...aside,
      ...(await onAList(of("ordinary"))),
      linkId: await linked(of("ordinary")),
      other: of("other").recordId,
    };
  }, 120_000);
  afterAll(() => region.stop());

  it("a patient's session is refused by every procedure of it, before anything is loaded", async () => {
    const { patientId } = held.get("ordinary") ?? { patientId: NONE };
    const actor = { kind: "patient", id: SESSION, linkId: LINK, patientId, organisation: "RXC" } as const;
    const ctx = { ...unkept(region.ctxOf(actor)), session: { id: SESSION } };
    const answers: string[] = [];
    for (const procedure of procedures) {
      const asked = ASKED[procedure];
      const of = held.get("ordinary");
      if (!asked || !of) continue;
      const input = "once" in asked ? asked.once(one) : asked.of(of, one);
      answers.push(`${procedure} ${await answerOf(() => actionOf(procedure)(ctx, input))}`);
    }
    expect(answers).toEqual(procedures.map((procedure) => `${procedure} not-for-patients`));
  });

  it("has a line for every procedure of the portal, and for no other", () => {
    expect(Object.keys(ASKED).sort()).toEqual([...procedures].sort());
  });

  async function row(procedure: string, input: unknown): Promise<string[]> {
    const ask = actionOf(procedure);
    const cells: string[] = [];
    for (const asker of ASKERS)
      cells.push(await answerOf(() => ask(unkept(region.ctxOf(actorOf(asker))), input)));
    return cells;
  }

  async function linesOf(procedure: string): Promise<string[]> {
    const asked = ASKED[procedure];
    if (!asked) return [];
    if ("once" in asked)
      return [`| ${procedure} | | ${(await row(procedure, asked.once(one))).join(" | ")} |`];
    const lines: string[] = [];
    for (const kind of CLASSES) {
      const of = held.get(kind);
      if (of)
        lines.push(`| ${procedure} | ${kind} | ${(await row(procedure, asked.of(of, one))).join(" | ")} |`);
    }
    return lines;
  }

  it("is what the table says, cell by cell", async () => {
    const lines: string[] = [];
    for (const procedure of procedures) lines.push(...(await linesOf(procedure)));
    const heads = ASKERS.map(({ role, trust }) => `${role}, ${trust}`);
    const table = [
      "# Who may do what",
      "",
      "Every procedure of the portal, asked by each role of the trust that holds the study (own) and of another member, without a",
      "relationship to the patient. `yes`: let through, with what it said then; `no`: not for this role; `absent`: as if it weren't there; else the policy's reason.",
      "Written by `tests/integration/access/matrix.test.ts` and compared there cell by cell; relationships, broken glass and the other",
      "classes stand in `tests/integration/reading-matrix.test.ts`.",
      "",
      `| Procedure | Patient | ${heads.join(" | ")} |`,
      `|${"---|".repeat(heads.length + 2)}`,
      ...lines,
      "",
    ].join("\n");
    if (process.env.WEALD_WRITE_MATRIX) writeFileSync(TABLE, table);
    expect(existsSync(TABLE)).toBe(true);
    expect(table.split("\n")).toEqual(readFileSync(TABLE, "utf8").split("\n"));
  }, 240_000);

  it("a meeting's display is answered nothing but what shows its list, whoever began it", async () => {
    const chair = await region.signedIn("rohan.patel");
    await rows(
      region,
      "UPDATE session SET display_meeting_id = $1::uuid, idle_seconds = NULL WHERE id = $2::uuid RETURNING id::text",
      ...[one.meetingId, chair.session?.id],
    );
    const ordinary = held.get("ordinary");
    if (!ordinary) throw new Error("nobody is held");
    const answered: string[] = [];
    for (const procedure of procedures) {
      const asked = ASKED[procedure];
      const ask = actionOf(procedure);
      if (!asked) continue;
      const input = "once" in asked ? asked.once(one) : asked.of(ordinary, one);
      if ((await answerOf(() => ask(unkept(chair), input))) !== "yes (DISPLAY_ONLY)")
        answered.push(procedure);
    }
    expect(answered.sort()).toEqual([
      ...["Annotation.listMarks", "Annotation.openView", "Identity.endSession", "Identity.readSession"],
      ...["Identity.touchSession", "Organisation.list", "Preference.readViewer", "Reporting.read"],
      ...[
        "Room.follow",
        "Room.keepCase",
        "Room.listCases",
        "Room.noteLook",
        "Room.readAhead",
        "Room.readCase",
      ],
      ...["Study.isCurrent", "Study.open", "Study.readSeries", "Study.reportDisplayed", "Study.signObjects"],
      ...["Timeline.priors", "Timeline.signPictures"],
    ]);
  }, 120_000);

  type Call = { path: string; input: unknown; line: string };
  const callsOf = (isQuery: boolean): Call[] =>
    ways
      .filter((way) => way.isQuery === isQuery)
      .flatMap((way) => {
        const asked = ASKED[way.name];
        if (!asked) return [];
        if ("once" in asked) return [{ path: way.path, input: asked.once(one), line: `| ${way.name} | | ` }];
        return CLASSES.flatMap((kind) => {
          const of = held.get(kind);
          return of ? [{ path: way.path, input: asked.of(of, one), line: `| ${way.name} | ${kind} | ` }] : [];
        });
      });

  /** One request of the portal's own route, as its browser batches them. */
  async function batch(calls: readonly Call[], token: string, method: "GET" | "POST"): Promise<OneAnswer[]> {
    const route: Record<string, (request: Request) => Promise<Response>> = await import(ROUTE);
    const inputs = JSON.stringify(Object.fromEntries(calls.map(({ input }, index) => [index, input])));
    const url = new URL(
      `/api/trpc/${calls.map((call) => call.path).join()}?batch=1`,
      "http://portal.test.invalid",
    );
    if (method === "GET") url.searchParams.set("input", inputs);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const request = new Request(url, { method, headers, ...(method === "POST" ? { body: inputs } : {}) });
    const answer = await route[method]?.(request);
    return Answered.parse(await answer?.json());
  }

  it("is the same through batches over HTTP: allowed and refused beside each other, each its own answer, and a refusal says nothing", async () => {
    expect(ways.map(({ name }) => name).sort()).toEqual([...procedures].sort());
    // What was discarded above has left the object store, whatever became of its row.
    one = { ...one, ...(await setAside("that")) };
    vi.stubEnv("WEALD_CLIENT_SECRET", "a secret that nobody asks for");
    const table = readFileSync(TABLE, "utf8").split("\n");
    const { db } = region.service;
    const { transaction } = db;
    Object.assign(db, { transaction: rollingBack({ transaction }) });
    try {
      for (const [index, asker] of ASKERS.entries()) {
        const token = await region.tokenOf(region.ctxOf(actorOf(asker)));
        for (const method of ["GET", "POST"] as const) {
          const all = callsOf(method === "GET");
          // Neighbours act on the same thing, and would wait for each other: they go in different requests.
          const requests = Math.ceil(all.length / AT_ONCE);
          for (let nth = 0; nth < requests; nth += 1) {
            const calls = all.filter((_, at) => at % requests === nth);
            const answers = await batch(calls, token, method);
            const got = answers.map((answer, at) => `${calls[at]?.line}${cellOf(answer)}`);
            const promised = calls.map(({ line }) => {
              const row = table.find((text) => text.startsWith(line)) ?? "";
              return `${line}${row.slice(line.length).split(" | ")[index]?.replace(/ \|$/, "")}`;
            });
            expect([asker, got]).toEqual([asker, promised]);
            const refusals = JSON.stringify(answers.filter((answer) => "error" in answer));
            expect(refusals).not.toMatch(/Alder|RXC-(?:ordinary|vip|forensic)|1961|"stack"/);
          }
        }
      }
    } finally {
      Object.assign(db, { transaction });
      vi.unstubAllEnvs();
    }
  }, 240_000);
});
