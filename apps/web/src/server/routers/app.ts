import * as Access from "@weald/core/access";
import * as Annotation from "@weald/core/annotation";
import * as Correction from "@weald/core/correction";
import * as Identity from "@weald/core/identity";
import * as Ingest from "@weald/core/ingest";
import * as Mdt from "@weald/core/mdt";
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
import { createCallerFactory, mutationOf, queryOf, router } from "../trpc.ts";

export const appRouter = router({
  identity: router({
    readSession: queryOf(Identity.readSession),
    touchSession: mutationOf(Identity.touchSession),
    lockSession: mutationOf(Identity.lockSession),
    listMySessions: queryOf(Identity.listMySessions),
    endSession: mutationOf(Identity.endSession),
    listPeople: queryOf(Identity.listPeople),
    grantActivity: mutationOf(Identity.grantActivity),
    endGrant: mutationOf(Identity.endGrant),
  }),
  organisation: router({
    list: queryOf(Organisation.list),
    listAgreements: queryOf(Organisation.listAgreements),
    add: mutationOf(Organisation.add),
    beginAgreement: mutationOf(Organisation.beginAgreement),
    previewEnd: mutationOf(Organisation.previewEnd),
    endAgreement: mutationOf(Organisation.endAgreement),
    stopAgreement: mutationOf(Organisation.stopAgreement),
  }),
  preference: router({
    readViewer: queryOf(Preference.readViewer),
    keepViewer: mutationOf(Preference.keepViewer),
  }),
  timeline: router({
    read: queryOf(Timeline.read),
    signPictures: mutationOf(Timeline.signPictures),
    priors: queryOf(Timeline.priors),
    listRecent: queryOf(Timeline.listRecent),
    findNumbered: mutationOf(Timeline.findNumbered),
  }),
  mdt: router({
    listSeries: queryOf(Mdt.listSeries),
    listStaff: queryOf(Mdt.listStaff),
    beginSeries: mutationOf(Mdt.beginSeries),
    editSeries: mutationOf(Mdt.editSeries),
    nameMember: mutationOf(Mdt.nameMember),
    endMembership: mutationOf(Mdt.endMembership),
    listMeetings: queryOf(Mdt.listMeetings),
    readMeeting: queryOf(Mdt.readMeeting),
    editMeeting: mutationOf(Mdt.editMeeting),
    publishList: mutationOf(Mdt.publishList),
    hasChanged: queryOf(Mdt.hasChanged),
    // It looks people up, and a GET changes nothing.
    checkLines: mutationOf(Mdt.checkLines),
    addCases: mutationOf(Mdt.addCases),
    listStudy: mutationOf(Mdt.listStudy),
    bringDeferred: mutationOf(Mdt.bringDeferred),
    editCase: mutationOf(Mdt.editCase),
    moveCase: mutationOf(Mdt.moveCase),
    setListed: mutationOf(Mdt.setListed),
    decideStudy: mutationOf(Mdt.decideStudy),
    addLine: mutationOf(Mdt.addLine),
    settleLine: mutationOf(Mdt.settleLine),
    notePathology: mutationOf(Mdt.notePathology),
    noteOutside: mutationOf(Mdt.noteOutside),
    changeOutsideLine: mutationOf(Mdt.changeOutsideLine),
    askFor: mutationOf(Mdt.askFor),
    followUp: mutationOf(Mdt.followUp),
    answerAsk: mutationOf(Mdt.answerAsk),
    listAsked: queryOf(Mdt.listAsked),
    exportList: mutationOf(Mdt.exportList),
    readFigures: queryOf(Mdt.readFigures),
  }),
  worklist: router({
    list: queryOf(Worklist.list),
    hasChanged: queryOf(Worklist.hasChanged),
    // Ids of a page of a list don't fit into an address.
    whoReads: mutationOf(Worklist.whoReads),
    listProcedures: mutationOf(Worklist.listProcedures),
    listNeeded: mutationOf(Worklist.listNeeded),
  }),
  room: router({
    listCases: queryOf(Room.listCases),
    listToPrepare: queryOf(Room.listToPrepare),
    readCase: queryOf(Room.readCase),
    readAhead: queryOf(Room.readAhead),
    pin: mutationOf(Room.pin),
    unpin: mutationOf(Room.unpin),
    saveReview: mutationOf(Room.saveReview),
    markPrepared: mutationOf(Room.markPrepared),
    present: mutationOf(Room.present),
    follow: queryOf(Room.follow),
    recordAttendance: mutationOf(Room.recordAttendance),
    saveOutcome: mutationOf(Room.saveOutcome),
    saveAction: mutationOf(Room.saveAction),
    finishAction: mutationOf(Room.finishAction),
    giveOpinion: mutationOf(Room.giveOpinion),
    signOutcome: mutationOf(Room.signOutcome),
    addAddendum: mutationOf(Room.addAddendum),
    readLetter: mutationOf(Room.readLetter),
    noteSent: mutationOf(Room.noteSent),
    noteAcknowledged: mutationOf(Room.noteAcknowledged),
    listTold: queryOf(Room.listTold),
    acknowledgeTold: mutationOf(Room.acknowledgeTold),
    listDifferences: queryOf(Room.listDifferences),
  }),
  // Looking somebody up is a mutation: it leaves a row in the audit, and a GET changes nothing.
  patient: router({
    lookUp: mutationOf(Patient.lookUp),
    listPairs: queryOf(Patient.listPairs),
    neverLink: mutationOf(Patient.neverLink),
    markSensitive: mutationOf(Patient.markSensitive),
    markRecord: mutationOf(Patient.markRecord),
    listMarks: queryOf(Patient.listMarks),
    endMark: mutationOf(Patient.endMark),
  }),
  access: router({
    stateRelationship: mutationOf(Access.stateRelationship),
    breakGlass: mutationOf(Access.breakGlass),
    listOwnGlass: queryOf(Access.listOwnGlass),
    endGlass: mutationOf(Access.endGlass),
    listGlass: queryOf(Access.listGlass),
    countGlass: queryOf(Access.countGlass),
    reviewGlass: mutationOf(Access.reviewGlass),
    recordObjection: mutationOf(Access.recordObjection),
    listObjections: queryOf(Access.listObjections),
    endObjection: mutationOf(Access.endObjection),
    stateOwnRecord: mutationOf(Access.stateOwnRecord),
  }),
  study: router({
    open: queryOf(Study.open),
    describe: queryOf(Study.describe),
    readSeries: queryOf(Study.readSeries),
    signObjects: mutationOf(Study.signObjects),
    reportDisplayed: mutationOf(Study.reportDisplayed),
    confirmComplete: mutationOf(Study.confirmComplete),
    isCurrent: queryOf(Study.isCurrent),
    readRetention: queryOf(Study.readRetention),
    // A patient's number stands in no address.
    listOfRecord: mutationOf(Study.listOfRecord),
    sendForReporting: mutationOf(Study.sendForReporting),
    listSent: queryOf(Study.listSent),
    endSent: mutationOf(Study.endSent),
    hold: mutationOf(Study.hold),
    endHold: mutationOf(Study.endHold),
    listDue: mutationOf(Study.listDue),
    recordEdgeLooks: mutationOf(Study.recordEdgeLooks),
  }),
  correction: router({
    ask: mutationOf(Correction.ask),
    confirm: mutationOf(Correction.confirm),
    decline: mutationOf(Correction.decline),
    undo: mutationOf(Correction.undo),
    list: queryOf(Correction.listCorrections),
    listNotices: queryOf(Correction.listNotices),
    acknowledge: mutationOf(Correction.acknowledge),
    joinRecords: mutationOf(Correction.joinRecords),
    partRecords: mutationOf(Correction.partRecords),
    listJoined: queryOf(Correction.listJoined),
  }),
  procedure: router({ recordStep: mutationOf(Study.recordStep) }),
  reporting: router({ read: queryOf(Reporting.read) }),
  ingest: router({
    beginUpload: mutationOf(Ingest.beginUpload),
    signItems: mutationOf(Ingest.signItems),
    readOutcomes: mutationOf(Ingest.readOutcomes),
    finishUpload: mutationOf(Ingest.finishUpload),
    // A thousand UIDs don't fit into an address.
    reconcile: mutationOf(Ingest.reconcile),
    listQuarantine: queryOf(Ingest.listQuarantine),
    retryQuarantined: mutationOf(Ingest.retryQuarantined),
    discardQuarantined: mutationOf(Ingest.discardQuarantined),
    compareQuarantined: queryOf(Ingest.compareQuarantined),
    signQuarantined: mutationOf(Ingest.signQuarantined),
    solveConflict: mutationOf(Ingest.solveConflict),
    listOutside: queryOf(Ingest.listOutside),
    confirmOutside: mutationOf(Ingest.confirmOutside),
    discardOutside: mutationOf(Ingest.discardOutside),
  }),
  // What is asked of the audit is on the audit, and may name a patient: neither stands in an address.
  review: router({
    listEvents: mutationOf(Review.listEvents),
    exportEvents: mutationOf(Review.exportEvents),
    looksOfPatient: queryOf(Review.looksOfPatient),
    readSeals: queryOf(Review.readSeals),
    countEvents: queryOf(Review.countEvents),
    listFlags: queryOf(Review.listFlags),
    closeFlag: mutationOf(Review.closeFlag),
  }),
  // Marks of readers: measurements, arrows, key images, state links.
  annotation: router({
    listMarks: queryOf(Annotation.listMarks),
    saveMark: mutationOf(Annotation.saveMark),
    publishMarks: mutationOf(Annotation.publishMarks),
    withdrawMark: mutationOf(Annotation.withdrawMark),
    openView: queryOf(Annotation.openView),
    finishRead: mutationOf(Annotation.finishRead),
    noteReading: mutationOf(Annotation.noteReading),
    beginExport: mutationOf(Annotation.beginExport),
    readExport: queryOf(Annotation.readExport),
  }),
  referral: router({
    findReceivers: queryOf(Referral.findReceivers),
    send: mutationOf(Referral.sendReferral),
    list: queryOf(Referral.listReferrals),
    count: queryOf(Referral.countReferrals),
    open: mutationOf(Referral.openReferral),
    answer: mutationOf(Referral.answerReferral),
    withdraw: mutationOf(Referral.withdrawReferral),
  }),
  takeout: router({
    listRecords: mutationOf(Takeout.listRecords),
    readRecord: mutationOf(Takeout.readRecord),
    readEvents: mutationOf(Takeout.readEvents),
    signStudy: mutationOf(Takeout.signStudy),
    signMessages: mutationOf(Takeout.signMessages),
    takePicture: mutationOf(Takeout.takePicture),
    takeStudy: mutationOf(Takeout.takeStudy),
    signFiles: mutationOf(Takeout.signFiles),
  }),
});
export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
