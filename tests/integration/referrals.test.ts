import { randomUUID } from "node:crypto";
import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Referral from "@weald/core/referral";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { after, at, bytesOf, codeOf, dicom, rowan, rows, sendAll, studyIdOf } from "./sent.ts";

describe("a referral, from a clinician to a named professional", () => {
  let region: Region;
  let sender: Ctx;
  let receiver: Ctx;
  let other: Ctx;
  let studyId: string;
  let priorId: string;
  let strangersId: string;

  const send = (more: object = {}, ctx = sender) =>
    Referral.sendReferral(ctx, {
      referralId: randomUUID(),
      studyId,
      toPersonId: receiver.actor.id,
      question: "Free flap: are the vessels good enough?",
      ...more,
    });
  const listed = async (box: "received" | "sent", ctx: Ctx) =>
    (await Referral.listReferrals(ctx, { box })).referrals;

  beforeAll(async () => {
    region = await Region.create();
    sender = await region.signedIn("ines.marlow");
    receiver = await region.signedIn("priya.nair");
    other = await region.signedIn("rohan.patel");
    const [study, prior, strangers] = [mintUid(), mintUid(), mintUid()];
    const of = { localNumber: "RXC-9", family: "Tansy", given: "Olive", born: "19820731", sex: "F" };
    await sendAll(
      region,
      "RXC",
      dicom(bytesOf({ study, of: rowan() })),
      dicom(bytesOf({ study: prior, of: rowan() })),
      dicom(bytesOf({ study: strangers, of })),
    );
    studyId = await studyIdOf(region, study);
    priorId = await studyIdOf(region, prior);
    strangersId = await studyIdOf(region, strangers);
    const [found] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      studyId,
    );
    await Access.stateRelationship(sender, { patientId: found?.id ?? "", statement: "treating-now" });
  });
  afterAll(() => region.stop());

  it("goes to somebody who is found by name, and to nobody who doesn't report or treat", async () => {
    const { people } = await Referral.findReceivers(sender, { words: "nair pri" });
    expect(people).toMatchObject([{ personId: receiver.actor.id, organisation: "RPC" }]);
    expect((await Referral.findReceivers(receiver, { words: "nair" })).people).toEqual([]);
    expect(await codeOf(send({ toPersonId: "nobody" }))).toBe("PERSON_UNKNOWN");
    expect(await codeOf(send({ toPersonId: sender.actor.id }))).toBe("RECEIVER_IS_SENDER");
  });

  it("opens the record to its receiver alone, tells its sender who opened it and when, and brings the answer back", async () => {
    expect(await codeOf(Study.open(receiver, { studyId }))).toBe("no-relationship");
    const { referralId } = await send({ priorIds: [priorId], urgency: "urgent" });
    expect(await Referral.countReferrals(receiver, {})).toEqual({ waiting: 1, urgent: 1 });
    expect(await listed("received", receiver)).toMatchObject([
      {
        referralId,
        state: "waiting",
        priors: 1,
        patient: { family: "Alder" },
        from: { organisation: "RYR" },
      },
    ]);
    expect(await codeOf(Referral.openReferral(other, { referralId }))).toBe("REFERRAL_NOT_FOUND");
    expect(await codeOf(Referral.openReferral(sender, { referralId }))).toBe("REFERRAL_NOT_FOUND");

    expect(await Referral.openReferral(receiver, { referralId })).toEqual({ studyId, priorIds: [priorId] });
    await Study.open(receiver, { studyId });
    await Study.open(receiver, { studyId: priorId });
    expect(await codeOf(Study.open(receiver, { studyId: strangersId }))).toBe("no-relationship");
    expect(await Referral.countReferrals(receiver, {})).toEqual({ waiting: 0, urgent: 0 });
    const [asked] = await listed("sent", sender);
    expect(asked).toMatchObject({
      state: "opened",
      openedAt: expect.any(String),
      to: { organisation: "RPC" },
    });

    await Referral.answerReferral(receiver, { referralId, reply: "Yes. Tuesday." });
    expect(await codeOf(Referral.answerReferral(receiver, { referralId, reply: "No." }))).toBe(
      "ANSWERED_ALREADY",
    );
    expect(await listed("sent", sender)).toMatchObject([{ state: "answered", reply: "Yes. Tuesday." }]);
    expect(await listed("sent", other)).toEqual([]);
  });

  it("sent twice by one window is one; under somebody else's id it is refused", async () => {
    const referralId = randomUUID();
    await send({ referralId });
    await send({ referralId });
    expect((await listed("sent", sender)).filter((one) => one.referralId === referralId)).toHaveLength(1);
    expect(await codeOf(send({ referralId, toPersonId: sender.actor.id }, other))).toBe("REFERRAL_NOT_FOUND");
  });

  it("takes no prior of another patient with it", async () => {
    expect(await codeOf(send({ priorIds: [strangersId] }))).toBe("PRIOR_OF_ANOTHER");
  });

  it("isn't made by who may not read the study, nor by who neither reports nor treats", async () => {
    expect(await codeOf(send({ studyId: strangersId }))).toBe("no-relationship");
    expect(await codeOf(send({}, region.as("tom.reyes")))).toMatch(/not-for-this-role|other-trust/);
  });

  it("taken back or over, it opens nothing more and names nobody to its receiver", async () => {
    await rows(region, "UPDATE relationship SET ends_at = now() WHERE kind = 'referral'");
    const { referralId } = await send();
    await Study.open(receiver, { studyId });
    expect(await codeOf(Referral.withdrawReferral(receiver, { referralId }))).toBe("REFERRAL_NOT_FOUND");
    await Referral.withdrawReferral(sender, { referralId });
    expect(await codeOf(Study.open(receiver, { studyId }))).toBe("no-relationship");
    const [withdrawn] = await listed("received", receiver);
    expect(withdrawn).toMatchObject({ referralId, state: "withdrawn" });
    expect([withdrawn?.patient, withdrawn?.question]).toEqual([undefined, undefined]);
    expect(await codeOf(Referral.openReferral(receiver, { referralId }))).toBe("referral-over");

    const short = await send({ days: 1 });
    await Study.open(receiver, { studyId });
    const { session: _ended, ...later } = at(receiver, after(25));
    expect(await codeOf(Study.open(later, { studyId }))).toBe("no-relationship");
    expect(await codeOf(Referral.openReferral(later, { referralId: short.referralId }))).toBe(
      "referral-over",
    );
  });

  it("is on the audit without a word of it", async () => {
    const found = await rows<{ detail: unknown }>(
      region,
      "SELECT detail FROM audit_event WHERE action LIKE 'referral.%'",
    );
    expect(found.length).toBeGreaterThan(5);
    expect(JSON.stringify(found)).not.toMatch(/flap|Tuesday/i);
  });
});
