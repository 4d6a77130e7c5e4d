import { randomUUID } from "node:crypto";
import * as Correction from "@weald/core/correction";
import * as Identity from "@weald/core/identity";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Room from "@weald/core/room";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Held, held, patientOf } from "./meeting.ts";
import {
  at,
  codeOf,
  after as hoursOn,
  image,
  report,
  rowan,
  rows,
  sendAll,
  studyIdOf,
  systemCtx,
} from "./sent.ts";

const idOf = ({ actor }: Ctx) => actor.id;

describe("in the room", () => {
  let region: Region;
  let next = 0;
  let people: Record<"rohan" | "amara" | "daniel" | "beth" | "priya" | "ines", Ctx>;
  beforeAll(async () => {
    region = await Region.create();
    people = {
      rohan: region.as("rohan.patel"),
      amara: region.as("amara.okafor"),
      daniel: region.as("daniel.ashdown"),
      beth: region.as("beth.calloway"),
      priya: region.as("priya.nair"),
      ines: region.as("ines.marlow"),
    };
    // Signed in once, so that they have a name.
    for (const key of ["rohan.patel", "amara.okafor", "daniel.ashdown"]) await region.signedIn(key);
  }, 60_000);
  afterAll(() => region.stop());

  /** A patient of RXC with a reported study, on a list of RA2: Patel chairs, Okafor reviews, Ashdown operates. */
  async function called(more: Parameters<typeof held>[3] = {}) {
    next += 1;
    const of = rowan({ localNumber: `M${next}`, nhs: "", given: `Rowan${next}` });
    const [uid, accession] = [mintUid(), `MA${next}`];
    await sendAll(region, "RXC", image({ of, study: uid, accession, description: "CT chest" }));
    const spoken = { of, accession, id: `MM${next}` };
    await sendAll(region, "RXC", report({ ...spoken, at: "20261102090000", status: "F", text: "A nodule." }));
    const studyId = await studyIdOf(region, uid);
    const { rohan, amara, daniel } = people;
    const meeting = await held(region, "RA2", [await patientOf(region, studyId)], {
      chairId: idOf(rohan),
      members: [
        { personId: idOf(rohan), worksFor: "RA2", part: "chair" },
        { personId: idOf(amara), worksFor: "RXC", part: "radiologist" },
        { personId: idOf(daniel), worksFor: "RA2", part: "surgeon" },
        { personId: idOf(people.beth), worksFor: "RA2", part: "coordinator" },
      ],
      radiologistId: idOf(amara),
      ...more,
    });
    const amended = () =>
      sendAll(
        region,
        "RXC",
        report({ ...spoken, id: `MM${next}-2`, at: "20261103090000", status: "A", text: "And another." }),
      );
    return { ...meeting, studyId, uid, of, accession, amended };
  }
  const decided = (decision = "Resect") => ({ kind: "decided" as const, decision });
  const outcomeOf = async (ctx: Ctx, caseId: string) => (await Room.readCase(ctx, { caseId })).outcome;
  async function signed(one: Held & { studyId: string }) {
    const { caseId, studyId } = one;
    await Room.saveOutcome(people.beth, { caseId, version: 0, words: decided() });
    return Room.signOutcome(people.rohan, { caseId, version: 1, studyIds: [studyId] });
  }

  it("two who write an outcome at once: the slower is given what stands, and nothing of either is lost", async () => {
    const { caseId } = await called();
    const words = { ...decided("Resect"), staging: { prefix: "c" as const, t: "2b", n: "0", m: "0" } };
    expect((await Room.saveOutcome(people.beth, { caseId, version: 0, words })).isKept).toBe(true);
    const [first, second] = await Promise.all(
      [people.daniel, people.amara].map((ctx, nth) =>
        Room.saveOutcome(ctx, { caseId, version: 1, words: decided(`Resect, version ${nth}`) }),
      ),
    );
    expect([first?.isKept, second?.isKept].sort()).toEqual([false, true]);
    const winner = first?.isKept ? "Resect, version 0" : "Resect, version 1";
    expect([first?.outcome?.decision, second?.outcome?.decision]).toEqual([winner, winner]);
    // And two who begin at once.
    const other = await called();
    const begun = await Promise.all(
      [people.daniel, people.amara].map((ctx) =>
        Room.saveOutcome(ctx, { caseId: other.caseId, version: 0, words: decided() }),
      ),
    );
    expect(begun.filter(({ isKept }) => isKept)).toHaveLength(1);
  });

  it("actions have owner and date; two who write different ones never meet; sent twice it is made once", async () => {
    const { caseId } = await called();
    const words = { what: "PET-CT", owner: "Mr Ashdown", ownerId: idOf(people.daniel), dueOn: "2026-12-03" };
    const [one, two] = [randomUUID(), randomUUID()];
    await Room.saveAction(people.beth, { caseId, actionId: one, version: 0, words });
    await Promise.all([
      Room.saveAction(people.beth, { caseId, actionId: one, version: 1, words: { ...words, what: "PET" } }),
      Room.saveAction(people.amara, {
        caseId,
        actionId: two,
        version: 0,
        words: { what: "Call", owner: "GP" },
      }),
      Room.saveAction(people.amara, {
        caseId,
        actionId: two,
        version: 0,
        words: { what: "Call", owner: "GP" },
      }),
    ]);
    const late = await Room.saveAction(people.amara, {
      ...{ caseId, actionId: one, version: 1, words: { ...words, what: "MRI" } },
    });
    expect(late.isKept).toBe(false);
    expect(late.outcome?.actions.map(({ what }) => what).sort()).toEqual(["Call", "PET"]);
    const stranger = { ...words, ownerId: "nobody" };
    expect(
      await codeOf(
        Room.saveAction(people.beth, { caseId, actionId: randomUUID(), version: 0, words: stranger }),
      ),
    ).toBe("OWNER_NOT_A_MEMBER");
    expect(await codeOf(Room.finishAction(people.amara, { actionId: one, isDone: true }))).toBe(
      "CASE_NOT_FOUND",
    );
    await Room.finishAction(people.daniel, { actionId: one, isDone: true });
    const { actions = [] } = (await outcomeOf(people.beth, caseId)) ?? {};
    expect(actions.find(({ id }) => id === one)?.doneBy).toBe(idOf(people.daniel));
  });

  it("whose action it is sees it with what is overdue, also after the meeting is over; it is chased by who answers for it, once a day", async () => {
    const one = await called({ visibleFor: -1 });
    const { caseId } = one;
    const actionId = randomUUID();
    const dueOn = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    const words = { what: "Book the PET-CT", owner: "Mr Ashdown", ownerId: idOf(people.daniel), dueOn };
    await Room.saveAction(people.beth, { caseId, actionId, version: 0, words });
    // What is due today isn't late yet.
    const todays = { ...words, what: "Ring the GP", dueOn: new Date().toISOString().slice(0, 10) };
    const second = randomUUID();
    await Room.saveAction(people.beth, { caseId, actionId: second, version: 0, words: todays });
    const mine = async (ctx = people.daniel) =>
      (await Room.listActions(ctx, {})).actions.find((action) => action.actionId === actionId);
    // Before it is signed it may be taken off yet.
    expect(await mine()).toBeUndefined();
    const before = await Room.countOwnActions(people.daniel, {});
    await Room.saveOutcome(people.beth, { caseId, version: 1, words: decided() });
    await Room.signOutcome(people.rohan, { caseId, version: 2, studyIds: [one.studyId] });
    expect(await mine()).toMatchObject({ due: "overdue", caseId, patient: { given: `Rowan${next}` } });
    expect(await Room.countOwnActions(people.daniel, {})).toEqual({
      waiting: before.waiting + 2,
      overdue: before.overdue + 1,
    });
    expect((await Room.readCase(people.daniel, { caseId })).caseId).toBe(caseId);
    for (const [ctx, why] of [
      [people.amara, "not-published"],
      [people.priya, "not-your-meeting"],
    ] as const) {
      expect(await mine(ctx)).toBeUndefined();
      expect((await Room.listOpenActions(ctx, {})).actions).toEqual([]);
      expect(await codeOf(Room.chaseAction(ctx, { actionId }))).toBe(why);
    }
    for (const ctx of [people.rohan, people.beth])
      expect((await Room.listOpenActions(ctx, {})).actions.map((action) => action.actionId)).toContain(
        actionId,
      );
    await Room.chaseAction(people.rohan, { actionId });
    expect(await codeOf(Room.chaseAction(people.beth, { actionId }))).toBe("CHASED_TODAY");
    expect((await mine())?.chased).toMatchObject({ by: "Dr Rohan Patel", times: 1 });
    await Room.finishAction(people.daniel, { actionId, isDone: true });
    expect(await mine()).toMatchObject({ due: "done" });
    expect(await codeOf(Room.chaseAction(people.beth, { actionId }))).toBe("ACTION_DONE");
    await Room.finishAction(people.daniel, { actionId: second, isDone: true });
    expect(await Room.countOwnActions(people.daniel, {})).toEqual(before);
  });

  it("the chair signs: studies, report versions and who was present are fixed, and it is locked but for an addendum", async () => {
    const one = await called({ quorum: [{ part: "surgeon", atLeast: 1 }] });
    const { caseId, meetingId, studyId } = one;
    const { beth, rohan, amara } = people;
    expect(await codeOf(Room.addAddendum(beth, { caseId, words: "Too early" }))).toBe("OUTCOME_NOT_SIGNED");
    await Room.saveOutcome(beth, { caseId, version: 0, words: { kind: "decided", decision: "" } });
    const sign = (ctx: Ctx, version: number, studyIds = [studyId]) =>
      Room.signOutcome(ctx, { caseId, version, studyIds });
    expect(await codeOf(sign(rohan, 1))).toBe("OUTCOME_INCOMPLETE");
    await Room.saveOutcome(beth, { caseId, version: 1, words: decided() });
    expect(await codeOf(sign(amara, 2))).toBe("not-the-chair");
    expect(await codeOf(sign(rohan, 2))).toBe("QUORUM_NOT_MET");
    const there = (personId: string, isPresent = true) => ({ attendee: personId, isPresent });
    await Room.recordAttendance(beth, {
      meetingId,
      attendees: [there(idOf(rohan)), there(idOf(people.daniel)), there("guest:Ms Linden, student")],
    });
    await Room.recordAttendance(beth, {
      meetingId,
      caseId,
      attendees: [there("guest:Ms Linden, student", false)],
    });
    expect(await codeOf(sign(rohan, 1))).toBe("OUTCOME_CHANGED");
    expect(await codeOf(sign(rohan, 2, [randomUUID()]))).toBe("STUDY_NOT_OF_CASE");
    const { outcome } = await sign(rohan, 2);
    expect(outcome?.signed).toMatchObject({
      by: "Dr Rohan Patel",
      fixed: {
        studies: [{ studyId, servedVersion: 1, images: 1 }],
        reports: [{ studyId, version: 1 }],
      },
    });
    expect(outcome?.signed?.present.people.map(({ name }) => name).sort()).toEqual([
      "Dr Rohan Patel",
      "Mr Daniel Ashdown",
    ]);
    const locked = [
      () => Room.saveOutcome(beth, { caseId, version: 2, words: decided("Other") }),
      () =>
        Room.saveAction(beth, {
          caseId,
          actionId: randomUUID(),
          version: 0,
          words: { what: "x", owner: "y" },
        }),
      () => Room.giveOpinion(amara, { caseId, opinion: "agrees" }),
      () => sign(rohan, 2),
    ];
    for (const refused of locked) expect(await codeOf(refused())).toBe("OUTCOME_SIGNED");
    const added = await Room.addAddendum(amara, { caseId, words: "PET shows more." });
    expect(added.outcome).toMatchObject({
      decision: "Resect",
      addenda: [{ words: "PET shows more.", writtenBy: "Dr Amara Okafor" }],
    });
    await expect(rows(region, "UPDATE outcome_addendum SET words = 'x'")).rejects.toThrow(
      /permission denied/,
    );
    await expect(rows(region, "DELETE FROM case_outcome")).rejects.toThrow(/permission denied/);
  });

  it("deferred says why, and is signed without a quorum; a decision without one says why it stands", async () => {
    const one = await called({ quorum: [{ part: "pathologist", atLeast: 1 }] });
    const { caseId } = one;
    const kind = "deferred" as const;
    await Room.saveOutcome(people.beth, { caseId, version: 0, words: { kind, decision: "" } });
    expect(await codeOf(Room.signOutcome(people.rohan, { caseId, version: 1, studyIds: [] }))).toBe(
      "OUTCOME_INCOMPLETE",
    );
    const words = { kind, decision: "", deferralReason: "No histology" };
    await Room.saveOutcome(people.beth, { caseId, version: 1, words });
    const { outcome } = await Room.signOutcome(people.rohan, { caseId, version: 2, studyIds: [] });
    expect(outcome).toMatchObject({ kind: "deferred", deferralReason: "No histology" });
    expect((await Room.readCase(people.beth, { caseId })).state).toBe("deferred");
    const other = await called({ quorum: [{ part: "pathologist", atLeast: 1 }] });
    await Room.saveOutcome(people.beth, { caseId: other.caseId, version: 0, words: decided() });
    const stands = await Room.signOutcome(people.rohan, {
      ...{ caseId: other.caseId, version: 1, studyIds: [], withoutQuorum: "Histology was read out" },
    });
    expect(stands.outcome?.signed?.present).toMatchObject({
      quorum: { isMet: false, missing: ["pathologist (0 of 1)"] },
      withoutQuorum: "Histology was read out",
    });
  });

  it("who is noted as away, or as there for another case, makes no quorum", async () => {
    const first = await called();
    const patient = await patientOf(region, first.studyId);
    const { rohan, amara, beth } = people;
    const { meetingId, caseIds } = await held(region, "RA2", [patient, patient], {
      chairId: idOf(rohan),
      members: [
        { personId: idOf(rohan), worksFor: "RA2", part: "chair" },
        { personId: idOf(amara), worksFor: "RXC", part: "radiologist" },
      ],
      quorum: [{ part: "radiologist", atLeast: 1 }],
    });
    const [here = "", there = ""] = caseIds;
    const noted = (isPresent: boolean, caseId?: string) =>
      Room.recordAttendance(beth, {
        ...{ meetingId, ...(caseId ? { caseId } : {}) },
        attendees: [{ attendee: idOf(amara), isPresent }],
      });
    await noted(false);
    await noted(true, there);
    for (const caseId of [here, there])
      await Room.saveOutcome(beth, { caseId, version: 0, words: decided() });
    const sign = (caseId: string) => codeOf(Room.signOutcome(rohan, { caseId, version: 1, studyIds: [] }));
    expect([await sign(here), await sign(there)]).toEqual(["QUORUM_NOT_MET", "done"]);
  });

  it("what is written while the chair signs does not go over what was signed", async () => {
    const { caseId } = await called();
    await Room.saveOutcome(people.beth, { caseId, version: 0, words: decided("Resect") });
    const system = { organisation: null, patients: [], now: new Date() };
    const { saving } = await region.service.db.transaction(system, async (tx) => {
      await tx.$queryRawUnsafe(
        "UPDATE case_outcome SET signed_by = 'x', signed_at = now() WHERE case_id = $1::uuid RETURNING id::text",
        caseId,
      );
      const saving = Room.saveOutcome(people.daniel, { caseId, version: 1, words: decided("Watch") });
      // It has read what isn't signed yet, and waits to write.
      await expect
        .poll(
          // In a transaction of its own: within one, this view stays as it was first read.
          () =>
            rows(
              region,
              "SELECT 1 AS waits FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
            ),
          { timeout: 10_000 },
        )
        .toHaveLength(1);
      return { saving };
    });
    expect((await saving).isKept).toBe(false);
    expect((await outcomeOf(people.beth, caseId))?.decision).toBe("Resect");
  });

  it("a report amended and images that come after signing mark the case, and tell the chair and owners, once", async () => {
    const one = await called();
    const { caseId, uid, of, accession, studyId } = one;
    await Room.saveAction(people.beth, {
      ...{ caseId, actionId: randomUUID(), version: 0 },
      words: { what: "Book", owner: "Mr Ashdown", ownerId: idOf(people.daniel) },
    });
    await Room.saveOutcome(people.beth, { caseId, version: 1, words: decided() });
    await Room.signOutcome(people.rohan, { caseId, version: 2, studyIds: [studyId] });
    const told = async (ctx: Ctx) =>
      (await Room.listTold(ctx, {})).told.filter((row) => row.caseId === caseId).map(({ kind }) => kind);
    await region.drain();
    expect(await told(people.rohan)).toEqual([]);
    await one.amended();
    await sendAll(region, "RXC", image({ of, study: uid, accession, number: 2 }));
    await region.drain();
    await Room.hearStudy(systemCtx(region), { studyId });
    for (const ctx of [people.rohan, people.daniel])
      expect((await told(ctx)).sort()).toEqual(["images-after", "report-amended"]);
    expect(await told(people.amara)).toEqual([]);
    const outcome = await outcomeOf(people.beth, caseId);
    expect(outcome?.changes.map(({ kind }) => kind).sort()).toEqual(["images-after", "report-amended"]);
    const [row] = (await Room.listTold(people.daniel, {})).told;
    expect(await codeOf(Room.acknowledgeTold(people.amara, { changeId: row?.changeId ?? "" }))).toBe(
      "CASE_NOT_FOUND",
    );
    await Room.acknowledgeTold(people.daniel, { changeId: row?.changeId ?? "" });
    expect(await told(people.daniel)).toHaveLength(1);
    expect(await told(people.rohan)).toHaveLength(2);
  });

  it("a study that is corrected after signing marks the case", async () => {
    const one = await called();
    await signed(one);
    await Correction.ask(region.as("tom.reyes"), {
      ...{ kind: "correct", studyId: one.studyId, level: "study" },
      ...{ says: { description: "CT abdomen" }, reason: "Another part of the body" },
    });
    await region.drain();
    const { told } = await Room.listTold(people.rohan, {});
    expect(told.filter(({ caseId }) => caseId === one.caseId).map(({ kind }) => kind)).toEqual([
      "study-corrected",
    ]);
  });

  it("an opinion that differs from a report is a task of its reporter's trust until the addendum has come", async () => {
    const one = await called();
    const { caseId, studyId } = one;
    const { amara, daniel, rohan, ines } = people;
    const differs = { caseId, opinion: "differs-major" as const, words: "Two nodules" };
    expect(await codeOf(Room.giveOpinion(daniel, { caseId, opinion: "agrees" }))).toBe("not-for-this-role");
    expect(await codeOf(Room.giveOpinion(rohan, differs))).toBe("DIFFERENCE_INCOMPLETE");
    const { outcome } = await Room.giveOpinion(rohan, { ...differs, studyId });
    expect(outcome).toMatchObject({ opinion: "differs-major", opinionBy: "Dr Rohan Patel", decision: "" });
    const asked = async (ctx: Ctx) =>
      (await Room.listDifferences(ctx, {})).differences.filter((row) => row.studyId === studyId);
    expect(await asked(amara)).toMatchObject([
      {
        grade: "major",
        words: "Two nodules",
        author: expect.stringContaining("Okafor"),
        openedBy: "Dr Rohan Patel",
      },
    ]);
    // Another trust's reporter has no part in it.
    expect(await asked(region.as("helen.whitlock"))).toEqual([]);
    expect(await codeOf(Room.listDifferences(ines, {}))).toBe("not-for-this-role");
    await Room.giveOpinion(rohan, { ...differs, opinion: "differs-minor", studyId });
    expect((await asked(amara)).map(({ grade }) => grade)).toEqual(["minor"]);
    await one.amended();
    await region.drain();
    expect(await asked(amara)).toEqual([]);
    const [closed] = (await outcomeOf(people.beth, caseId))?.differences ?? [];
    expect(closed).toMatchObject({ closedVersion: 2 });
  });

  it("members see a published list's cases until the set time, its chair also after; nobody else, and no restricted patient", async () => {
    const one = await called();
    const { caseId, meetingId } = one;
    const { beth, amara, rohan, priya } = people;
    const reads = (ctx: Ctx) => codeOf(Room.readCase(ctx, { caseId }));
    for (const ctx of [beth, amara, rohan]) expect(await reads(ctx)).toBe("done");
    for (const ask of [reads(priya), codeOf(Room.listCases(priya, { meetingId }))])
      expect(await ask).toBe("not-your-meeting");
    expect(await reads(at(amara, hoursOn(72)))).toBe("not-published");
    expect(await reads(at(rohan, hoursOn(72)))).toBe("done");
    const shut = await called({ state: "open" });
    expect(await codeOf(Room.readCase(amara, { caseId: shut.caseId }))).toBe("not-published");
    await Patient.markSensitive(systemCtx(region), {
      ...{ custodian: "RXC", localNumber: one.of.localNumber, sensitivities: ["vip"] },
    });
    expect(await reads(amara)).toBe("CASE_NOT_FOUND");
    const [listed] = (await Room.listCases(amara, { meetingId })).cases;
    expect([listed?.patient, listed?.question]).toEqual([undefined, ""]);
  });

  it("a radiologist prepares: review, pins, and against which report; amended since, it says so", async () => {
    const one = await called();
    const { caseId, meetingId, studyId } = one;
    const { amara, daniel } = people;
    const mine = async (ctx: Ctx) =>
      (await Room.listToPrepare(ctx, {})).meetings.find((row) => row.meetingId === meetingId);
    expect(await mine(amara)).toMatchObject({ name: "Lung MDT", cases: [{ caseId, isPrepared: false }] });
    expect(await mine(daniel)).toBeUndefined();
    const first = await Room.saveReview(amara, { caseId, version: 0, review: "One nodule" });
    expect(first).toEqual({ isKept: true, stands: { review: "One nodule", version: 1 } });
    await Room.saveReview(amara, { caseId, version: 1, review: "Two nodules" });
    expect(await Room.saveReview(amara, { caseId, version: 1, review: "Three" })).toEqual({
      isKept: false,
      stands: { review: "Two nodules", version: 2 },
    });
    const pin = { caseId, pinId: randomUUID(), studyId, kind: "view" as const, subjectId: randomUUID() };
    expect(await codeOf(Room.pin(daniel, pin))).toBe("not-for-this-role");
    expect(await codeOf(Room.pin(amara, { ...pin, studyId: randomUUID() }))).toBe("STUDY_NOT_OF_CASE");
    await Room.pin(amara, { ...pin, words: "Axial, lung window" });
    await Room.pin(amara, pin);
    await Room.markPrepared(amara, { caseId, isPrepared: true, studyIds: [studyId] });
    expect((await mine(amara))?.cases).toMatchObject([{ isPrepared: true }]);
    const shown = async () => Room.readCase(people.beth, { caseId });
    expect(await shown()).toMatchObject({
      pins: [{ words: "Axial, lung window", isThere: true, pinnedBy: "Dr Amara Okafor" }],
      preparations: [{ review: "Two nodules", changedReports: [] }],
    });
    await one.amended();
    expect((await shown()).preparations).toMatchObject([{ changedReports: [studyId] }]);
    await Room.unpin(amara, { caseId, pinId: pin.pinId });
    expect((await shown()).pins).toEqual([]);
    await Room.unpin(amara, { caseId, pinId: pin.pinId, isBack: true });
    expect((await shown()).pins).toHaveLength(1);
  });

  it("remote members follow the presenter, and two switches that overtake each other end on the last case", async () => {
    const first = await called();
    const other = await patientOf(region, first.studyId);
    const { rohan, amara, daniel, priya } = people;
    const members = [rohan, amara, daniel].map((ctx) => ({
      ...{ personId: idOf(ctx), part: "surgeon" },
      worksFor: ctx === amara ? "RXC" : "RA2",
    }));
    const two = await held(region, "RA2", [other, other], { members });
    const [one = "", last = ""] = two.caseIds;
    const { meetingId } = two;
    expect(await Room.follow(amara, { meetingId })).toMatchObject({ isPresenting: false });
    expect(await codeOf(Room.follow(priya, { meetingId }))).toBe("not-your-meeting");
    await Room.present(daniel, { meetingId, caseId: one, step: 1 });
    expect(await Room.follow(amara, { meetingId })).toMatchObject({
      ...{ isPresenting: true, isMe: false, presenter: "Mr Daniel Ashdown", caseId: one },
    });
    expect((await Room.present(daniel, { meetingId, caseId: last, step: 3 })).isTaken).toBe(true);
    expect((await Room.present(daniel, { meetingId, caseId: one, step: 2 })).isTaken).toBe(false);
    // Nor does the same step go to two cases.
    expect((await Room.present(daniel, { meetingId, caseId: one, step: 3 })).isTaken).toBe(false);
    expect(await Room.follow(amara, { meetingId })).toMatchObject({ caseId: last, step: 3 });
    expect(await codeOf(Room.present(daniel, { meetingId, caseId: first.caseId, step: 4 }))).toBe(
      "CASE_NOT_FOUND",
    );
    // One that was taken off meanwhile is called no more.
    await rows(
      region,
      "UPDATE meeting_case SET state = 'removed' WHERE id = $1::uuid RETURNING id::text",
      one,
    );
    expect(await codeOf(Room.present(daniel, { meetingId, caseId: one, step: 4 }))).toBe("CASE_NOT_FOUND");
    await Room.present(daniel, { meetingId, step: 5, isOver: true });
    expect(await Room.follow(amara, { meetingId })).toMatchObject({ isPresenting: false });
  });

  it("a case is kept with its questions, reviews and reports' text, as fetched ahead; a look without the network is told after", async () => {
    const { caseId, studyId } = await called();
    await Room.saveReview(people.amara, { caseId, version: 0, review: "Two nodules" });
    const kept = await Room.keepCase(people.daniel, { caseId });
    expect(kept.shown).toMatchObject({ caseId, question: "Is it resectable?" });
    expect(kept.shown.preparations).toMatchObject([{ review: "Two nodules" }]);
    expect(kept.reports).toMatchObject([{ studyId, status: "final", text: "A nodule." }]);
    await Room.noteLook(people.daniel, { caseId, lookedAt: new Date().toISOString() });
    const verbs = await rows<{ verb: string; offline: string | null }>(
      region,
      `SELECT verb, detail ->> 'offline' AS offline FROM audit_event
       WHERE detail ->> 'caseId' = '${caseId}' AND actor_id = '${idOf(people.daniel)}' AND outcome = 'success' ORDER BY id`,
    );
    expect(verbs).toEqual([
      { verb: "fetched-ahead", offline: null },
      { verb: "displayed", offline: "true" },
    ]);
    expect(await codeOf(Room.keepCase(people.priya, { caseId }))).toBe("not-your-meeting");
  });

  it("a display shows one meeting's list for eight hours, never locks, writes nothing, and leads nowhere else", async () => {
    const [here, there] = [await called(), await called()];
    const { meetingId, caseId, studyId } = here;
    const chair = await region.signedIn("rohan.patel");
    // What they have to do elsewhere opens that case to them, and not to the display.
    const theirs = { what: "Discuss it there", owner: "Dr Rohan Patel", ownerId: idOf(chair) };
    await Room.saveAction(people.beth, {
      ...{ caseId: there.caseId, actionId: randomUUID(), version: 0 },
      words: theirs,
    });
    for (const ctx of [people.rohan, await region.signedIn("amara.okafor@rxc")])
      expect(await codeOf(Room.beginDisplay(ctx, { meetingId }))).not.toBe("done");
    expect(await codeOf(Study.open(chair, { studyId: there.studyId }))).toBe("done");
    await Room.beginDisplay(chair, { meetingId });

    expect((await Room.listCases(chair, { meetingId })).cases).toMatchObject([{ caseId }]);
    expect((await Room.readCase(chair, { caseId })).patient?.localNumber).toBe(here.of.localNumber);
    expect(await codeOf(Study.open(chair, { studyId }))).toBe("done");
    // Another list, another patient whose study this person reads, and whatever writes.
    expect(await codeOf(Room.listCases(chair, { meetingId: there.meetingId }))).toBe("display-only");
    expect(await codeOf(Room.readCase(chair, { caseId: there.caseId }))).toBe("display-only");
    expect(await codeOf(Study.open(chair, { studyId: there.studyId }))).toBe("STUDY_NOT_FOUND");
    // One after the other: a refusal that nobody waits for yet would end the run.
    for (const ask of [
      () => Room.saveOutcome(chair, { caseId, version: 0, words: decided() }),
      () => Room.beginDisplay(chair, { meetingId: there.meetingId }),
      () => Worklist.list(chair, {}),
    ])
      expect(await codeOf(ask())).toBe("DISPLAY_ONLY");
    const refused = await rows<{ reason: string }>(
      region,
      "SELECT reason FROM audit_event WHERE action = 'worklist.list' AND outcome = 'failure' ORDER BY id DESC LIMIT 1",
    );
    expect(refused).toEqual([{ reason: "DISPLAY_ONLY" }]);

    // Whoever reads the whole region elsewhere only looks here.
    expect((await Identity.readSession(chair, {})).activities).toEqual(["view"]);
    const inHours = (hours: number) => at(chair, new Date(Date.now() + hours * 3_600_000));
    expect(await Identity.readSession(inHours(7), {})).toMatchObject({
      state: "alive",
      displayOf: meetingId,
    });
    expect(await codeOf(Room.listCases(inHours(8.1), { meetingId }))).toBe("SESSION_ENDED");
    // A list without cases shows nobody, not everybody.
    await rows(
      region,
      "UPDATE meeting_case SET state = 'removed' WHERE meeting_id = $1::uuid RETURNING id::text",
      meetingId,
    );
    for (const one of [studyId, there.studyId])
      expect(await codeOf(Study.open(chair, { studyId: one }))).toBe("STUDY_NOT_FOUND");
    await Identity.endSession(chair, { sessionId: chair.session?.id ?? "" });
    expect(await codeOf(Room.listCases(chair, { meetingId }))).toBe("SESSION_ENDED");
  });

  it("a letter is of what is signed; sent, it is not acknowledged until somebody says so; the next addendum asks for another", async () => {
    const one = await called();
    const { caseId } = one;
    expect(await codeOf(Room.readLetter(people.beth, { caseId }))).toBe("OUTCOME_NOT_SIGNED");
    await signed(one);
    const letter = await Room.readLetter(people.beth, { caseId });
    expect(letter).toMatchObject({
      meeting: "Lung MDT",
      patient: { family: "Alder" },
      studies: [{ name: "CT chest", images: 1, reportVersion: 1 }],
    });
    const [looked] = await rows<{ count: bigint }>(
      region,
      "SELECT count(*) FROM audit_event WHERE action = 'room.read-letter' AND verb = 'taken-out' AND outcome = 'success'",
    );
    expect(Number(looked?.count)).toBe(1);
    const sent = await Room.noteSent(people.beth, { caseId, channel: "gp", recipient: "Birch Surgery" });
    const [delivery] = sent.outcome?.deliveries ?? [];
    expect(delivery).toMatchObject({ channel: "gp", recipient: "Birch Surgery", acknowledgedAt: undefined });
    const deliveryId = delivery?.id ?? "";
    const acknowledge = () =>
      Room.noteAcknowledged(people.beth, { caseId, deliveryId, by: "Practice manager" });
    expect((await acknowledge()).outcome?.deliveries).toMatchObject([{ acknowledgedBy: "Practice manager" }]);
    expect(await codeOf(acknowledge())).toBe("DELIVERY_NOT_WAITING");
    const added = await Room.addAddendum(people.rohan, { caseId, words: "Also MRI" });
    expect([added.outcome?.addenda.length, added.outcome?.deliveries[0]?.addenda]).toEqual([1, 0]);
  });
});
