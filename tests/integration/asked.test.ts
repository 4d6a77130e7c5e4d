import * as Identity from "@weald/core/identity";
import type { Ctx } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import { type Notice, NotifierRefused, NotifierUnavailable } from "@weald/core/ports";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Held, held, patientOf } from "./meeting.ts";
import { at, image, rowan, rows, sendAll, studyIdOf, systemCtx } from "./sent.ts";

const idOf = ({ actor }: Ctx) => actor.id;
const ABOUT = ["report", "key-images", "pathology", "presenter", "other"] as const;
type About = (typeof ABOUT)[number];
type Send = (notice: Notice) => Promise<{ deliveredId: string }>;

describe("who is asked is told by the notifier", () => {
  let region: Region;
  let beth: Ctx;
  let amara: Ctx;
  let daniel: Ctx;
  let ines: Ctx;
  let begun = new Date();
  let next = 0;
  beforeAll(async () => {
    region = await Region.create();
    beth = region.as("beth.calloway");
    amara = region.as("amara.okafor");
    daniel = region.as("daniel.ashdown");
    ines = region.as("ines.marlow");
    for (const key of ["amara.okafor", "daniel.ashdown", "beth.calloway"]) await region.signedIn(key);
    // Named by an administrator, and never signed in.
    await rows(
      region,
      "INSERT INTO person (id, display_name, last_organisation, last_activities) VALUES ($1, 'Dr Ines Marlow', 'RYR', '{}')",
      idOf(ines),
    );
  }, 60_000);
  afterAll(() => region.stop());

  /** So many minutes after this test's meeting was made. */
  const minute = (minutes: number) => new Date(begun.getTime() + minutes * 60_000);
  const timer = (minutes: number, send?: Send): Ctx => {
    const ctx = at(systemCtx(region), minute(minutes));
    if (!send) return ctx;
    return { ...ctx, service: { ...ctx.service, ports: { ...ctx.service.ports, notifier: { send } } } };
  };
  const tell = (minutes: number, send?: Send) => Mdt.tellAsked(timer(minutes, send), {});
  const fails =
    (error: Error): Send =>
    () =>
      Promise.reject(error);

  /** A published list of RA2 in two days with so many patients, whose images nobody has reported. */
  async function listed(patients = 1): Promise<Held> {
    const on = [];
    for (let at = 0; at < patients; at += 1) {
      next += 1;
      const of = rowan({ localNumber: `ASK-${next}`, nhs: "", family: `Hazel${next}`, given: "Linden" });
      const study = mintUid();
      await sendAll(region, "RXC", image({ of, study, accession: `ASK${next}`, description: "CT larynx" }));
      on.push(await patientOf(region, await studyIdOf(region, study)));
    }
    const meeting = await held(region, "RA2", on, {
      ...{ startsIn: 48, visibleFor: 96 },
      members: [
        { personId: idOf(amara), worksFor: "RXC", part: "radiologist" },
        { personId: idOf(daniel), worksFor: "RA2", part: "surgeon" },
        { personId: idOf(ines), worksFor: "RYR", part: "oncologist" },
      ],
    });
    begun = new Date();
    return meeting;
  }
  const ask = async (caseId: string, about: About, of: Ctx = amara, minutes = 0) =>
    (
      await Mdt.askFor(at(beth, minute(minutes)), {
        ...{ caseId, about, askedOfId: idOf(of), words: "the tumour of Linden" },
      })
    ).askId;
  const lettersTo = async (name: string) =>
    (await region.letters()).filter(({ to }) => to === `${name}@example.nhs.invalid`);
  /** What of each request the coordinator's page says. */
  async function toldOf({ meetingId }: Held, ctx = beth) {
    const { cases } = await Mdt.readMeeting(at(ctx, minute(0)), { meetingId });
    return cases.flatMap(({ asks }) => asks.map(({ told }) => told?.state));
  }

  it("once for ten requests of two patients, two minutes after the first, without a word of any patient", async () => {
    const meeting = await listed(2);
    for (const [nth, caseId] of meeting.caseIds.entries())
      for (const about of ABOUT) await ask(caseId, about, amara, nth);
    expect(await toldOf(meeting)).toEqual(Array(10).fill("soon"));
    expect(await tell(1)).toEqual({ due: 0, told: 0 });
    expect(await lettersTo("amara.okafor")).toEqual([]);
    // The first half is due, the second goes with it.
    expect(await tell(2.5)).toEqual({ due: 1, told: 1 });
    const letters = await lettersTo("amara.okafor");
    expect(letters).toHaveLength(1);
    const text = `${letters[0]?.subject} ${letters[0]?.text}`;
    expect(text).toMatch(/10 requests for you/);
    expect(text).toMatch(/Lung MDT, .* 20\d\d: 10 requests, the list closed on .* at \d\d:\d\d/);
    expect(text).toContain("http://portal.test.invalid/meetings/asked");
    expect(text).not.toMatch(/hazel|linden|ask-?\d|larynx|CT|tumour|resectable|report|RXC|\{/i);
    for (const id of [...meeting.caseIds, meeting.meetingId]) expect(text).not.toContain(id);
    expect(await toldOf(meeting)).toEqual(Array(10).fill("sent"));
    expect(await tell(3)).toEqual({ due: 0, told: 0 });

    // What became of it is for who asks, and the address for nobody.
    expect(await toldOf(meeting, daniel)).toEqual(Array(10).fill(undefined));
    const answers = [
      await Mdt.readMeeting(beth, { meetingId: meeting.meetingId }),
      await Mdt.listAsked(amara, {}),
      await Identity.listPeople(region.as("tom.reyes"), {}),
      await rows(region, "SELECT detail FROM audit_event WHERE verb IN ('told', 'changed', 'signed-in')"),
    ];
    expect(JSON.stringify(answers)).not.toContain("@example");
    const onRecord = await rows<{ came: string }>(
      region,
      "SELECT detail->>'came' AS came FROM audit_event WHERE action = 'mdt.keep-told' AND detail->>'caseId' = $1",
      meeting.caseId,
    );
    expect(onRecord).toEqual(Array(5).fill({ came: "sent" }));
  });

  it("again with a reminder, and not for what was asked in words", async () => {
    const meeting = await listed();
    const askId = await ask(meeting.caseId, "report");
    await Mdt.askFor(at(beth, minute(0)), { caseId: meeting.caseId, about: "pathology", askedOf: "The lab" });
    const before = (await lettersTo("amara.okafor")).length;
    await tell(2);
    await Mdt.followUp(at(beth, minute(20)), { askId, what: "remind" });
    expect(await toldOf(meeting)).toEqual(["soon", undefined]);
    expect(await tell(21)).toEqual({ due: 0, told: 0 });
    await tell(22);
    expect(await lettersTo("amara.okafor")).toHaveLength(before + 2);
    expect((await lettersTo("amara.okafor"))[0]?.text).toMatch(/1 request for you/);
    expect(await toldOf(meeting)).toEqual(["sent", undefined]);
  });

  it("of nothing that was answered, taken back, put there, taken off or left meanwhile", async () => {
    const meeting = await listed(3);
    const [first = "", second = "", third = ""] = meeting.caseIds;
    const answered = await ask(first, "report");
    const withdrawn = await ask(first, "other");
    await ask(second, "presenter");
    await ask(third, "report");
    const left = await ask(first, "key-images", daniel);
    await Mdt.answerAsk(amara, { askId: answered, said: "by noon" });
    await Mdt.followUp(beth, { askId: withdrawn, what: "withdraw" });
    const one = (await Mdt.readMeeting(beth, { meetingId: meeting.meetingId })).cases.find(
      ({ id }) => id === second,
    );
    await Mdt.editCase(beth, {
      ...{ caseId: second, version: one?.versions.people ?? 0, group: "people" },
      fields: { presenterId: idOf(daniel), site: "" },
    });
    await Mdt.setListed(beth, { caseId: third, isListed: false, reason: "seen in clinic" });
    await Mdt.endMembership(beth, { seriesId: meeting.seriesId, personId: idOf(daniel) });
    const before = (await region.letters()).length;
    expect(await tell(3)).toEqual({ due: 2, told: 0 });
    expect(await region.letters()).toHaveLength(before);
    // What is there is asked of nobody any more.
    const { cases } = await Mdt.readMeeting(beth, { meetingId: meeting.meetingId });
    expect(cases.flatMap(({ asks }) => asks.map(({ id, told }) => [id, told?.state]))).toEqual([
      [answered, undefined],
      [left, "not-a-member"],
    ]);
    expect(await tell(10)).toEqual({ due: 0, told: 0 });
  });

  it("of no meeting that is cancelled or over, which is asked about on no page either", async () => {
    const [cancelled, over] = [await listed(), await listed()];
    for (const { caseId } of [cancelled, over]) await ask(caseId, "report");
    const asked = async () => {
      const all = (await Mdt.listAsked(at(amara, minute(3)), {})).map(({ caseId }) => caseId);
      return [cancelled, over].map(({ caseId }) => all.includes(caseId));
    };
    expect(await asked()).toEqual([true, true]);
    await rows(
      region,
      "UPDATE meeting SET state = 'cancelled' WHERE id = $1::uuid RETURNING id::text",
      cancelled.meetingId,
    );
    await rows(
      region,
      "UPDATE meeting SET ends_at = now() - interval '1 minute' WHERE id = $1::uuid RETURNING id::text",
      over.meetingId,
    );
    expect(await asked()).toEqual([false, false]);
    expect(await tell(3)).toEqual({ due: 1, told: 0 });
    expect(await tell(10)).toEqual({ due: 0, told: 0 });
  });

  it("later where the notifier is away, with waits that grow, until it is given up and said so", async () => {
    const meeting = await listed();
    await ask(meeting.caseId, "report");
    const away = fails(new NotifierUnavailable("away"));
    expect(await tell(2, away)).toEqual({ due: 1, told: 0 });
    expect(await toldOf(meeting)).toEqual(["again"]);
    expect((await tell(2.9, away)).due).toBe(0);
    expect((await tell(3, away)).due).toBe(1);
    expect((await tell(4, away)).due).toBe(0);
    const before = (await lettersTo("amara.okafor")).length;
    expect(await tell(5)).toEqual({ due: 1, told: 1 });
    expect(await lettersTo("amara.okafor")).toHaveLength(before + 1);
    expect(await toldOf(meeting)).toEqual(["sent"]);

    const other = await listed();
    await ask(other.caseId, "report");
    for (let nth = 0; nth < 8; nth += 1) {
      expect(await toldOf(other)).toEqual([nth === 0 ? "soon" : "again"]);
      expect((await tell(2 + nth * 61, away)).due).toBe(1);
    }
    expect(await toldOf(other)).toEqual(["undelivered"]);
    expect((await tell(10 * 61)).due).toBe(0);
  });

  it("or said beside the request at once: an address that is refused, and a member of whom none is known", async () => {
    const meeting = await listed();
    await ask(meeting.caseId, "report");
    await ask(meeting.caseId, "pathology", ines);
    expect(await toldOf(meeting)).toEqual(["soon", "no-address"]);
    expect(await tell(2, fails(new NotifierRefused("no such address")))).toEqual({ due: 1, told: 0 });
    expect(await toldOf(meeting)).toEqual(["undelivered", "no-address"]);
    expect((await tell(30)).due).toBe(0);
  });

  it("once by two senders at once; killed between sending and noting, again and never lost", async () => {
    const meeting = await listed();
    await ask(meeting.caseId, "report");
    const sent: string[] = [];
    const slow: Send = async ({ reference }) => {
      sent.push(reference);
      return { deliveredId: reference };
    };
    await Promise.all([tell(2, slow), tell(2, slow), tell(2, slow)]);
    expect(sent).toHaveLength(1);

    const other = await listed();
    await ask(other.caseId, "report");
    const dying = timer(2, slow);
    const crashPoint = () => {
      if (sent.length > 1) throw new Error("killed");
    };
    await expect(Mdt.tellAsked({ ...dying, service: { ...dying.service, crashPoint } }, {})).rejects.toThrow(
      "killed",
    );
    expect(sent).toHaveLength(2);
    expect(await toldOf(other)).toEqual(["soon"]);
    expect((await tell(4, slow)).due).toBe(0);
    expect(await tell(7, slow)).toEqual({ due: 1, told: 1 });
    expect(await toldOf(other)).toEqual(["sent"]);

    // A message that kills its sender each time ends, too.
    const last = await listed();
    await ask(last.caseId, "report");
    for (let nth = 0; nth < 9; nth += 1) {
      sent.length = 1;
      const again = timer(2 + nth * 6, slow);
      await Mdt.tellAsked({ ...again, service: { ...again.service, crashPoint } }, {}).catch(() => {});
    }
    expect(await toldOf(last)).toEqual(["undelivered"]);
  });

  it("of a request that was made anew while its message was on its way, once more", async () => {
    const meeting = await listed();
    const askId = await ask(meeting.caseId, "report");
    await tell(20, async ({ reference }) => {
      await Mdt.followUp(at(beth, minute(20)), { askId, what: "remind" });
      return { deliveredId: reference };
    });
    expect(await toldOf(meeting)).toEqual(["soon"]);
    expect(await tell(22)).toEqual({ due: 1, told: 1 });
    expect(await toldOf(meeting)).toEqual(["sent"]);
  });

  it("one whose message fails keeps no other waiting, and the timer ends in an error", async () => {
    const meeting = await listed();
    await ask(meeting.caseId, "report");
    await ask(meeting.caseId, "pathology", daniel);
    const ctx = timer(2);
    // Who comes first can't be claimed at all.
    let transactions = 0;
    const transaction: Ctx["service"]["db"]["transaction"] = (held, work) => {
      transactions += 1;
      return transactions === 2 ? Promise.reject(new Error("away")) : ctx.service.db.transaction(held, work);
    };
    const broken = { ...ctx, service: { ...ctx.service, db: { ...ctx.service.db, transaction } } };
    await expect(Mdt.tellAsked(broken, {})).rejects.toThrow("away");
    expect((await toldOf(meeting)).toSorted()).toEqual(["sent", "soon"]);
  });

  it("where they said at their last sign-in, and nowhere once the provider says none", async () => {
    const meeting = await listed();
    await ask(meeting.caseId, "report");
    await Identity.beginSession(amara, {
      ...{ displayName: "Dr Amara Okafor", providerSub: "x", provedAt: new Date() },
      ...{ roleActivities: [], idleSeconds: 900, shiftSeconds: 3600 },
    });
    expect(await tell(2)).toEqual({ due: 1, told: 0 });
    expect(await toldOf(meeting)).toEqual(["no-address"]);
  });
});
