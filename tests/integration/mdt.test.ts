import { randomUUID } from "node:crypto";
import type { Ctx } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import * as Patient from "@weald/core/patient";
import * as Referral from "@weald/core/referral";
import * as Study from "@weald/core/study";
import { findPerson } from "@weald/dev-env/people";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { held, patientOf } from "./meeting.ts";
import {
  at,
  codeOf,
  image,
  quietMeeting,
  report,
  request,
  rowan,
  rows,
  type Said,
  sendAll,
  studyIdOf,
  systemCtx,
} from "./sent.ts";

const HOUR = 3_600_000;
const uidOf = (key: string) => findPerson(key)?.person.uid ?? "";
const today = () => new Date().toISOString().slice(0, 10);

/** NHS numbers of the 999 range whose check digit holds. */
const NUMBERS = ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069"];

describe("a meeting's list", () => {
  let region: Region;
  let coordinator: Ctx;
  let second: Ctx;
  let member: Ctx;
  let clinician: Ctx;
  let seriesId: string;
  let meetingId: string;
  const people = NUMBERS.map(
    (nhs, at): Said =>
      rowan({
        localNumber: `RXC-${at}`,
        nhs,
        family: `Alder${at}`,
        given: "Rowan",
        born: `1961040${at + 1}`,
      }),
  );
  const uid = NUMBERS.map(() => mintUid());
  const chest = {
    modality: "CT",
    description: "CT Chest",
    more: { "00180015": { vr: "CS", Value: ["CHEST"] } },
  };
  const ct = (who: number, more: object = {}) =>
    image({
      of: people[who] ?? rowan(),
      study: uid[who] ?? "",
      accession: `A${who}`,
      date: "20261120",
      counted: 1,
      ...chest,
      ...more,
    });
  const read = (ctx = coordinator) => Mdt.readMeeting(ctx, { meetingId });
  const caseOf = async (who: number, ctx = coordinator) => {
    const found = (await read(ctx)).cases.find(({ identity }) => identity?.nhsNumber === NUMBERS[who]);
    if (!found) throw new Error(`no case ${who}`);
    return found;
  };
  const aspect = async (who: number, about: string) =>
    (await caseOf(who)).readiness.aspects.find((one) => one.about === about);

  beforeAll(async () => {
    region = await Region.create();
    coordinator = region.as("beth.calloway@RA2");
    second = region.as("beth.calloway@RA2");
    member = region.as("amara.okafor@RXC");
    clinician = region.as("daniel.ashdown@RA2");
    // Who signed in once is known by name.
    await rows(
      region,
      `INSERT INTO person (id, display_name, last_organisation, last_activities) VALUES ($1, 'Dr Amara Okafor', 'RXC', '{}'), ($2, 'Mr Daniel Ashdown', 'RA2', '{view,state-relationship}'), ($3, 'Ms Beth Calloway', 'RA2', '{}') RETURNING id`,
      uidOf("amara.okafor"),
      uidOf("daniel.ashdown"),
      uidOf("beth.calloway"),
    );
    await sendAll(region, "RXC", ct(0), ct(1), ct(2), ct(3));
    await sendAll(
      region,
      "RXC",
      report({
        of: people[0] ?? rowan(),
        accession: "A0",
        id: "r0",
        at: "20261121100000",
        status: "F",
        text: "Nodule.",
      }),
    );
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RXC",
      localNumber: "RXC-3",
      sensitivities: ["vip"],
    });
    const weekday = new Date(Date.now() + 7 * 24 * HOUR).getUTCDay() || 7;
    ({ seriesId } = await Mdt.beginSeries(coordinator, {
      name: "Lung MDT",
      specialty: "Lung",
      weekday,
      localTime: "13:30",
      durationMinutes: 90,
      firstOn: today(),
      cutOffHours: 48,
      visibleHours: 24,
      rooms: ["Level B"],
      template: [
        { kind: "imaging", label: "CT chest", modalities: ["CT"], regions: ["chest"], maxAgeDays: 3660 },
      ],
    }));
    for (const [key, part, worksFor] of [
      ["amara.okafor", "radiologist", "RXC"],
      ["daniel.ashdown", "surgeon", "RA2"],
    ] as const)
      await Mdt.nameMember(coordinator, { seriesId, personId: uidOf(key), worksFor, part });
    const { meetings } = await Mdt.listMeetings(coordinator, {});
    meetingId = meetings.find((one) => Date.parse(one.startsAt) > Date.now() + 24 * HOUR)?.id ?? "";
  }, 120_000);
  afterAll(() => region.stop());

  it("takes the lines that are right and says of each other what is wrong with it", async () => {
    const text = [
      "NHS number\tDate of birth\tQuestion\tReferrer\tTarget date",
      "999 000 0018\t1/4/1961\tResectable?\tMr Ashdown\t3/12/2026",
      "999-000-0026\tAlder1\tStaging\tMr Ashdown\t",
      "9990000034\t\tNodule\tMr Ashdown\t",
      "9990000042\t4/4/1961\tRestricted\tMr Ashdown\t",
      "9990000019\t1/4/1961\tBad digit\tMr Ashdown\t",
      "9990000050\t5/4/1961\tNobody\tMr Ashdown\t",
      "9990000018\t2/4/1961\tAnother date\tMr Ashdown\t",
      "9990000018\t1/4/1961\tTwice\tMr Ashdown\t",
    ].join("\n");
    const { lines } = await Mdt.checkLines(coordinator, { meetingId, text });
    const said = lines.map((line) => (line.outcome === "matched" ? "matched" : line.code));
    expect(said).toEqual([
      "matched",
      "matched",
      "NEEDS_CONFIRMING",
      "MEMBER_MUST_LIST",
      "NHS_NUMBER_INVALID",
      "NO_SUCH_PATIENT",
      "DIFFERS",
      "TWICE",
    ]);
    // A head of its own says which column is which; the second line gave a surname where a date stands.
    const confirmed = lines.map(({ stated, ...line }) => ({
      ...stated,
      confirmedPatientId: line.outcome === "confirm" ? line.candidates[0]?.patientId : undefined,
    }));
    const done = await Mdt.addCases(coordinator, {
      meetingId,
      source: "paste",
      basis: "request",
      lines: confirmed,
    });
    expect(done.added).toHaveLength(3);
    expect(done.left.map(({ line, code }) => [line, code])).toEqual([
      [5, "MEMBER_MUST_LIST"],
      [6, "NHS_NUMBER_INVALID"],
      [7, "NO_SUCH_PATIENT"],
      [8, "DIFFERS"],
      [9, "TWICE"],
    ]);
    expect((await read()).cases.map(({ position, question }) => [position, question])).toEqual([
      [1, "Resectable?"],
      [2, "Staging"],
      [3, "Nodule"],
    ]);
  });

  it("lists nobody without a basis, nor twice", async () => {
    const line = { line: 1, nhsNumber: NUMBERS[0], birthDate: "1/4/1961" };
    const again = await Mdt.addCases(coordinator, {
      meetingId,
      source: "by-hand",
      basis: "request",
      basisWords: "Mr Ashdown",
      lines: [line],
    });
    expect(again).toMatchObject({ added: [], left: [{ code: "LISTED_ALREADY" }] });
    await sendAll(
      region,
      "RA2",
      image({ of: { ...(people[4] ?? rowan()), localNumber: "RA2-4" }, study: mintUid() }),
    );
    const without = { line: 1, nhsNumber: NUMBERS[4], birthDate: "5/4/1961" };
    expect(
      await Mdt.addCases(coordinator, { meetingId, source: "by-hand", basis: "request", lines: [without] }),
    ).toMatchObject({ added: [], left: [{ code: "BASIS_MISSING" }] });
  });

  it("gathers what the region holds, and says what is missing, from whom, since when", async () => {
    const first = await caseOf(0);
    expect(first.studies[0]).toMatchObject({
      part: "current",
      custodian: "RXC",
      completeness: { state: "complete" },
    });
    expect(await aspect(0, "images")).toMatchObject({ colour: "green" });
    expect(await aspect(0, "report")).toMatchObject({ colour: "green" });
    expect(await aspect(0, "requirement")).toMatchObject({ colour: "green", label: "CT chest" });
    expect(await aspect(0, "pathology")).toMatchObject({ colour: "grey" });
    expect(await aspect(0, "presenter")).toMatchObject({ colour: "red" });
    expect(await aspect(1, "report")).toMatchObject({
      colour: "grey",
      says: expect.stringContaining("no report received"),
    });
  });

  it("changes by itself when a report comes, ends the request for it, and the page's cursor tells of it", async () => {
    const { id } = await caseOf(1);
    await Mdt.askFor(coordinator, { caseId: id, about: "report", askedOfId: uidOf("amara.okafor") });
    expect(await aspect(1, "report")).toMatchObject({ colour: "amber", from: "Dr Amara Okafor" });
    expect(await Mdt.listAsked(member, {})).toMatchObject([
      { about: "report", identity: { family: "Alder1" } },
    ]);
    const [ask] = await Mdt.listAsked(member, {});
    expect(await codeOf(Mdt.answerAsk(clinician, { askId: ask?.id ?? "", said: "no" }))).toBe(
      "not-asked-of-you",
    );
    await Mdt.answerAsk(member, { askId: ask?.id ?? "", said: "by noon" });
    expect(await aspect(1, "report")).toMatchObject({ says: expect.stringContaining("who said “by noon”") });
    const { changeCursor } = await read();
    await sendAll(
      region,
      "RXC",
      report({
        of: people[1] ?? rowan(),
        accession: "A1",
        id: "r1",
        at: "20261122100000",
        status: "F",
        text: "No nodule.",
      }),
    );
    expect(await Mdt.hasChanged(coordinator, { meetingIds: [meetingId], since: changeCursor })).toEqual({
      changed: true,
    });
    expect(await aspect(1, "report")).toMatchObject({ colour: "green" });
    await region.drain();
    expect(await Mdt.listAsked(member, {})).toEqual([]);
  });

  it("opens to members when it is published and closes at the set time; nobody else ever sees it", async () => {
    const { patientId } = await caseOf(0);
    const studyId = await studyIdOf(region, uid[0] ?? "");
    expect(await codeOf(read(clinician))).toBe("not-published");
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("no-relationship");
    const { meeting } = await read();
    await Mdt.publishList(coordinator, { meetingId, version: meeting.version, state: "published" });
    expect((await read(clinician)).cases).toHaveLength(3);
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("done");
    expect(await codeOf(read(region.as("ines.marlow")))).toBe("not-your-meeting");
    expect(await codeOf(Mdt.moveCase(clinician, { meetingId, caseId: (await caseOf(0)).id, to: 2 }))).toBe(
      "not-for-this-role",
    );
    const until = new Date((await read()).meeting.visibleUntil ?? 0);
    expect(until.getTime()).toBeGreaterThan(Date.parse(meeting.endsAt));
    const later = at(clinician, new Date(until.getTime() + 60_000));
    expect(await codeOf(Mdt.readMeeting(later, { meetingId }))).toBe("not-published");
    expect(await codeOf(Study.open(later, { studyId }))).toBe("no-relationship");
    const kinds = await rows<{ kind: string; source: string }>(
      region,
      "SELECT kind, source FROM relationship WHERE patient_id = $1::uuid AND person_id = $2",
      patientId,
      uidOf("daniel.ashdown"),
    );
    expect(kinds).toEqual([{ kind: "mdt", source: expect.stringMatching(/^mdt:/) }]);
  });

  it("a member who no longer belongs, and a case that was taken off, are seen no more", async () => {
    const studyId = await studyIdOf(region, uid[2] ?? "");
    const third = await caseOf(2);
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("done");
    await Mdt.setListed(coordinator, { caseId: third.id, isListed: false, reason: "seen in clinic" });
    expect((await read()).cases.map(({ id }) => id)).not.toContain(third.id);
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("no-relationship");
    await Mdt.setListed(coordinator, { caseId: third.id, isListed: true });
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("done");
    await Mdt.endMembership(coordinator, { seriesId, personId: uidOf("daniel.ashdown") });
    expect(await codeOf(read(clinician))).toBe("not-your-meeting");
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("no-relationship");
    await Mdt.nameMember(coordinator, {
      seriesId,
      personId: uidOf("daniel.ashdown"),
      worksFor: "RA2",
      part: "surgeon",
    });
    expect(await codeOf(Study.open(clinician, { studyId }))).toBe("done");
  });

  it("two coordinators at once lose nothing: other groups of fields never meet, the same one is refused and kept", async () => {
    const { id, versions } = await caseOf(0);
    await Mdt.editCase(coordinator, {
      caseId: id,
      group: "question",
      version: versions.question,
      fields: { question: "Mine" },
    });
    await Mdt.editCase(second, {
      caseId: id,
      group: "people",
      version: versions.people,
      fields: { site: "Guildford", presenterId: uidOf("daniel.ashdown") },
    });
    expect(
      await codeOf(
        Mdt.editCase(second, {
          caseId: id,
          group: "question",
          version: versions.question,
          fields: { question: "Theirs" },
        }),
      ),
    ).toBe("CASE_CHANGED");
    expect(await caseOf(0)).toMatchObject({
      question: "Mine",
      site: "Guildford",
      presenterId: uidOf("daniel.ashdown"),
    });
    await Promise.all([
      Mdt.moveCase(coordinator, { meetingId, caseId: id, to: 3 }),
      Mdt.moveCase(second, { meetingId, caseId: (await caseOf(1)).id, to: 1 }),
    ]);
    expect((await read()).cases.map(({ position }) => position)).toEqual([1, 2, 3]);
  });

  it("a restricted patient is listed by a member's own act alone, and shown to nobody whom it isn't open to", async () => {
    const studyId = await studyIdOf(region, uid[3] ?? "");
    expect(await codeOf(Mdt.listStudy(coordinator, { meetingId, studyId }))).not.toBe("done");
    await Mdt.listStudy(member, { meetingId, studyId, question: "For advice" });
    const seen = (await read()).cases.find(({ actOf }) => actOf !== undefined);
    expect(seen).toMatchObject({ identity: undefined, studies: [] });
    expect((await read(member)).cases.find(({ actOf }) => actOf)?.identity).toMatchObject({
      family: "Alder3",
    });
    expect(JSON.stringify(await read())).not.toContain("Alder3");
  });

  it("from a study: who only builds the list says who asked; from a referral: by its receiver alone, with its study and priors", async () => {
    const ahead = await Mdt.listAhead(clinician, {});
    const next = ahead.filter((one) => one.meetingId !== meetingId).at(-1)?.meetingId ?? "";
    const [studyId, priorId] = [await studyIdOf(region, uid[1] ?? ""), await studyIdOf(region, uid[0] ?? "")];
    expect(await Mdt.listAhead(region.as("priya.nair@RPC"), {})).toEqual([]);
    expect(await codeOf(Mdt.listStudy(coordinator, { meetingId: next, studyId }))).toBe("BASIS_MISSING");
    const referralId = randomUUID();
    await Referral.sendReferral(member, {
      ...{ referralId, studyId, toPersonId: uidOf("daniel.ashdown"), question: "Resectable?", priorIds: [] },
    });
    const asks = { meetingId: next, referralId };
    for (const ctx of [coordinator, member])
      expect(await codeOf(Mdt.listReferral(ctx, asks))).toBe("REFERRAL_NOT_FOUND");
    const { caseId } = await Mdt.listReferral(clinician, asks);
    expect(await codeOf(Mdt.listReferral(clinician, asks))).toBe("LISTED_ALREADY");
    const [listed] = (await Mdt.readMeeting(coordinator, { meetingId: next })).cases;
    expect(listed).toMatchObject({ id: caseId, basis: "referral", basisWords: "Dr Amara Okafor" });
    expect(listed).toMatchObject({ question: "Resectable?", referrer: "Dr Amara Okafor" });
    expect(listed?.studies.find((one) => one.studyId === studyId)).toMatchObject({ part: "current" });
    await Mdt.setListed(coordinator, { caseId, isListed: false, reason: "Seen in clinic" });
    await Referral.withdrawReferral(member, { referralId });
    expect(await codeOf(Mdt.listReferral(clinician, asks))).toBe("REFERRAL_NOT_FOUND");
    await Mdt.listStudy(coordinator, { meetingId: next, studyId: priorId, askedBy: "Mr Ashdown" });
    const [asked] = (await Mdt.readMeeting(coordinator, { meetingId: next })).cases;
    expect(asked).toMatchObject({ basis: "request", basisWords: "Mr Ashdown", sourceId: priorId });
  });

  it("a booking alone moves a list: also of a patient of whom there is no image yet", async () => {
    const of = rowan({ localNumber: "RXC-9", nhs: "9990000077", family: "Alder9", born: "19610409" });
    const asked = (accession: string) =>
      sendAll(
        region,
        "RA2",
        request({ of, accession, trust: "RA2", id: `q${accession}`, at: "20261125090000" }),
      );
    await asked("BK901");
    const next =
      (await Mdt.listAhead(clinician, {})).filter((one) => one.meetingId !== meetingId)[0]?.meetingId ?? "";
    await Mdt.addCases(coordinator, {
      ...{ meetingId: next, source: "paste", basis: "request", basisWords: "Mr Ashdown" },
      lines: [{ line: 1, nhsNumber: "9990000077", birthDate: "9/4/1961" }],
    });
    const { cases } = await Mdt.readMeeting(coordinator, { meetingId: next });
    expect(cases).toMatchObject([{ studies: [], expected: [{ state: "requested" }] }]);
    const since = await quietMeeting(coordinator, next);
    const hasChanged = () => Mdt.hasChanged(coordinator, { meetingIds: [next], since });
    expect(await hasChanged()).toEqual({ changed: false });
    await asked("BK902");
    expect(await hasChanged()).toEqual({ changed: true });
    const [one] = (await Mdt.readMeeting(coordinator, { meetingId: next })).cases;
    expect(one?.expected).toHaveLength(2);
    await Mdt.setListed(coordinator, { caseId: one?.id ?? "", isListed: false, reason: "Not now" });
    expect(await Mdt.listRemoved(coordinator, { meetingId: next })).toMatchObject([
      { patient: { family: "Alder9" }, reason: "Not now", by: "Ms Beth Calloway" },
    ]);
    expect(await codeOf(Mdt.listRemoved(member, { meetingId: next }))).toBe("not-for-this-role");
  });

  it("a study that turns out to be another patient's leaves the case, whatever was decided of it", async () => {
    const { id, patientId } = await caseOf(2);
    const studyId = await studyIdOf(region, uid[2] ?? "");
    await Mdt.decideStudy(coordinator, { caseId: id, studyId, part: "current" });
    expect(
      await codeOf(Mdt.decideStudy(coordinator, { caseId: (await caseOf(0)).id, studyId, part: "current" })),
    ).toBe("NOT_THIS_PATIENT");
    const other = (await caseOf(0)).patientId;
    const [record] = await rows<{ id: string }>(
      region,
      "SELECT id::text FROM patient_record WHERE patient_id = $1::uuid",
      other,
    );
    await rows(
      region,
      "UPDATE study SET patient_id = $1::uuid, patient_record_id = $2::uuid WHERE id = $3::uuid RETURNING id::text",
      other,
      record?.id,
      studyId,
    );
    expect((await caseOf(2)).studies.map((one) => one.studyId)).not.toContain(studyId);
    expect(await aspect(2, "images")).toMatchObject({ colour: "red" });
    expect(patientId).not.toBe(other);
  });

  it("goes out as CSV and PDF without names: nothing in it says who it is, and no formula runs", async () => {
    const { id, versions } = await caseOf(1);
    const fields = { question: '=HYPERLINK("x") Alder1' };
    await Mdt.editCase(coordinator, { caseId: id, group: "question", version: versions.question, fields });
    const named = await Mdt.exportList(coordinator, { meetingId, withNames: true });
    expect(named.csv).toContain("ALDER1");
    expect(named.csv).toContain(`"'=HYPERLINK`);
    const bare = await Mdt.exportList(coordinator, { meetingId, withNames: false });
    for (const word of ["ALDER", "Alder", "999 000", "9990000", "HYPERLINK"])
      expect(JSON.stringify(bare)).not.toContain(word);
    // With what is missing, and no case left out.
    expect(bare.lines).toHaveLength(named.lines.length);
    expect(bare.lines.every(({ state, missing }) => state === "ready" || missing !== "")).toBe(true);
  });

  it("keeps how ready cases were when the list closed and when the meeting began, once, for audits", async () => {
    const { meeting } = await read();
    const tick = (time: string) =>
      Mdt.recordReadiness(at(systemCtx(region), new Date(Date.parse(time) + 60_000)), {});
    expect(await tick(meeting.cutOffAt)).toEqual({ recorded: 1 });
    expect(await tick(meeting.cutOffAt)).toEqual({ recorded: 0 });
    expect(await tick(meeting.startsAt)).toEqual({ recorded: 1 });
    const [figures] = await Mdt.readFigures(coordinator, { from: today(), to: meeting.heldOn });
    expect(figures?.figures).toMatchObject({
      meetings: 1,
      cutOff: { cases: 4, images: { of: 4, there: 3 } },
      start: { cases: 4 },
    });
  });

  it("a theatre list: operation and side beside the images' side, a side that disagrees is red, and reds are told the day before at two", async () => {
    const knee = (who: number, side: string) =>
      ct(who, {
        ...{ modality: "DX", description: "XR Knee", date: today().replaceAll("-", "") },
        more: { "00180015": { vr: "CS", Value: ["KNEE"] }, "00200062": { vr: "CS", Value: [side] } },
      });
    await sendAll(region, "RXC", knee(4, "R"), knee(5, "L"));
    const { seriesId: theatre } = await Mdt.beginSeries(coordinator, {
      ...{ kind: "theatre", name: "Theatre 2", specialty: "Orthopaedics", localTime: "08:30" },
      ...{ weekday: new Date(Date.now() + 5 * 24 * HOUR).getUTCDay() || 7, durationMinutes: 480 },
      ...{ firstOn: today(), cutOffHours: 18, visibleHours: 12 },
    });
    await Mdt.nameMember(coordinator, {
      ...{ seriesId: theatre, personId: uidOf("daniel.ashdown"), worksFor: "RA2", part: "surgeon" },
    });
    const [list] = (await Mdt.listMeetings(coordinator, {})).meetings.filter(
      (one) => one.seriesId === theatre,
    );
    const listId = list?.id ?? "";
    const text = [
      "NHS number,Date of birth,Operation,Side,Consultant",
      "9990000050,5/4/1961,Total knee replacement,Left,Mr Ashdown",
      "9990000069,6/4/1961,Total knee replacement,L,Mr Ashdown",
      "9990000018,1/4/1961,Thoracotomy,sinistral,Mr Ashdown",
    ].join("\n");
    const { lines } = await Mdt.checkLines(coordinator, { meetingId: listId, text });
    expect(lines.map((line) => (line.outcome === "matched" ? "matched" : line.code))).toEqual([
      ...["matched", "matched", "SIDE_INVALID"],
    ]);
    await Mdt.addCases(coordinator, {
      ...{ meetingId: listId, source: "paste", basis: "request", basisWords: "" },
      lines: lines.map(({ stated }) => stated),
    });
    const readList = async (ctx = coordinator) => Mdt.readMeeting(ctx, { meetingId: listId });
    const operation = async () =>
      (await readList()).cases.map(({ readiness }) =>
        readiness.aspects.find(({ about }) => about === "operation"),
      );
    expect(await operation()).toMatchObject([
      { colour: "red", says: "Total knee replacement, LEFT, but the images are of the RIGHT" },
      { colour: "green" },
    ]);
    const printed = await Mdt.exportList(coordinator, { meetingId: listId, withNames: true });
    expect(printed.lines[0]).toMatchObject({ side: "LEFT", imageSide: "RIGHT" });

    const bare = await Mdt.exportList(coordinator, { meetingId: listId, withNames: false });
    expect(bare.csv).toContain("LEFT");
    expect(JSON.stringify(bare)).not.toMatch(/knee|Alder|9990000/i);

    const before = new Date(`${list?.heldOn}T14:01:00Z`).getTime() - 24 * HOUR;
    const early = new Date(before - 2 * 60_000);
    expect((await Mdt.listReds(at(coordinator, early), {})).lists).toEqual([]);
    const told = async (ctx: Ctx) => (await Mdt.listReds(at(ctx, new Date(before)), {})).lists;
    expect(await told(coordinator)).toMatchObject([
      {
        cases: 2,
        reds: [{ patient: { family: "Alder4" }, missing: [{ label: "Operation and side" }] }],
      },
    ]);
    // Members see them once the list is published; nobody else does.
    expect(await told(clinician)).toEqual([]);
    const { version } = (await readList()).meeting;
    await Mdt.publishList(coordinator, { meetingId: listId, version, state: "published" });
    expect(await told(clinician)).toMatchObject([{ reds: [{ patient: { family: "Alder4" } }] }]);
    expect(await told(member)).toEqual([]);
    expect(await Mdt.recordReadiness(at(systemCtx(region), new Date(before)), {})).toEqual({ recorded: 1 });

    const [wrong] = (await readList()).cases;
    const fields = { referrer: "Mr Ashdown", pathway: "", side: "R" as const };
    await Mdt.editCase(coordinator, {
      ...{ caseId: wrong?.id ?? "", group: "details", version: wrong?.versions.details ?? 0, fields },
    });
    expect(await operation()).toMatchObject([{ colour: "green" }, { colour: "green" }]);
  });

  it("what was deferred comes from the last meeting that is over, not from one that is still ahead, and nothing else comes", async () => {
    const [one, two, three] = [
      await patientOf(region, await studyIdOf(region, uid[0] ?? "")),
      await patientOf(region, await studyIdOf(region, uid[1] ?? "")),
      await patientOf(region, await studyIdOf(region, uid[2] ?? "")),
    ];
    const [past, ahead, target] = [
      await held(region, "RA2", [one, three]),
      await held(region, "RA2", [two]),
      await held(region, "RA2", []),
    ];
    for (const [{ meetingId: id }, days] of [
      [past, -7],
      [ahead, 1],
      [target, 8],
    ] as const)
      await rows(
        region,
        `UPDATE meeting SET series_id = $2::uuid, held_on = current_date + $3::int, starts_at = now() + make_interval(days => $3::int),
           ends_at = now() + make_interval(days => $3::int, hours => 1) WHERE id = $1::uuid RETURNING id::text`,
        ...[id, past.seriesId, days],
      );
    await rows(
      region,
      "UPDATE meeting_case SET state = 'deferred' WHERE id = ANY ($1::uuid[]) RETURNING id::text",
      [past.caseId, ahead.caseId],
    );
    const { added } = await Mdt.bringDeferred(coordinator, { meetingId: target.meetingId });
    expect(added.map(({ patientId }) => patientId)).toEqual([one.patientId]);
  });

  it("in summer two o'clock on the day before is that of the wall where it is held, an hour before UTC's", async () => {
    const on = await patientOf(region, await studyIdOf(region, uid[0] ?? ""));
    const list = await held(region, "RA2", [on]);
    await rows(
      region,
      "UPDATE meeting_series SET kind = 'theatre' WHERE id = $1::uuid RETURNING id::text",
      list.seriesId,
    );
    await rows(
      region,
      `UPDATE meeting SET held_on = '2027-07-08', starts_at = '2027-07-08T07:30Z', ends_at = '2027-07-08T16:00Z',
         cut_off_at = '2027-07-01T07:30Z' WHERE id = $1::uuid RETURNING id::text`,
      list.meetingId,
    );
    const recordedAt = (time: string) => Mdt.recordReadiness(at(systemCtx(region), new Date(time)), {});
    expect(await recordedAt("2027-07-07T12:59:00Z")).toEqual({ recorded: 0 });
    expect(await recordedAt("2027-07-07T13:01:00Z")).toEqual({ recorded: 1 });
  });

  it("another trust's coordinator, a patient's clinician and a gateway build no list", async () => {
    for (const ctx of [clinician, region.gateway("RXC")])
      expect(await codeOf(Mdt.checkLines(ctx, { meetingId, text: "x" }))).toBe("not-for-this-role");
  });
});
