import * as Identity from "@weald/core/identity";
import { type Ctx, defineAction, freshlyProved } from "@weald/core/kernel";
import * as Organisation from "@weald/core/organisation";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { codeOf, rows } from "./sent.ts";

const MINUTE = 60_000;

describe("a session", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create();
  }, 60_000);
  afterAll(() => region.stop());

  /** The same context, some time later. */
  const later = (ctx: Ctx, minutes: number): Ctx => ({
    ...ctx,
    service: { ...ctx.service, now: () => new Date(Date.now() + minutes * MINUTE) },
  });
  const ask = (ctx: Ctx) => codeOf(Organisation.list(ctx, {}));
  const idOf = (ctx: Ctx) => ctx.session?.id ?? "";
  const audited = (session: string) =>
    rows<{ action: string; verb: string; outcome: string; reason: string | null; detail: object }>(
      region,
      `SELECT action, verb, outcome, reason, detail FROM audit_event WHERE detail ->> 'session' = '${session}' ORDER BY id`,
    );

  it("begins under an id of its own at each sign-in, and is on the record", async () => {
    const [one, other] = [await region.signedIn("ines.marlow"), await region.signedIn("ines.marlow")];
    expect(idOf(one)).not.toBe(idOf(other));
    expect(await ask(one)).toBe("done");
    expect(await audited(idOf(one))).toMatchObject([
      { action: "identity.begin-session", verb: "signed-in", outcome: "success" },
    ]);
  });

  it("that was ended answers nothing more, through any action, from the next request on", async () => {
    const ctx = await region.signedIn("ines.marlow");
    await Identity.endSession(ctx, { sessionId: idOf(ctx) });
    expect(await ask(ctx)).toBe("SESSION_ENDED");
    expect(await codeOf(Identity.touchSession(ctx, {}))).toBe("SESSION_ENDED");
    expect(await Identity.readSession(ctx, {})).toMatchObject({ state: "ended", why: "signed-out" });
    expect(await audited(idOf(ctx))).toMatchObject([
      { verb: "signed-in" },
      { verb: "signed-out", detail: { why: "signed-out", ended: true } },
    ]);
    const refused = await rows<{ reason: string }>(
      region,
      "SELECT reason FROM audit_event WHERE action = 'organisation.list' AND outcome = 'failure' ORDER BY at DESC LIMIT 1",
    );
    expect(refused).toEqual([{ reason: "SESSION_ENDED" }]);
  });

  it("that nobody began, or that is another person's or another contract's, answers nothing", async () => {
    const ines = await region.signedIn("ines.marlow");
    const session = { id: idOf(ines) };
    expect(await ask({ ...region.as("ines.marlow"), session: { id: crypto.randomUUID() } })).toBe(
      "SESSION_ENDED",
    );
    expect(await ask({ ...region.as("rohan.patel"), session })).toBe("SESSION_ENDED");
    const amara = await region.signedIn("amara.okafor@RXC");
    expect(await ask({ ...region.as("amara.okafor@RA2"), session: { id: idOf(amara) } })).toBe(
      "SESSION_ENDED",
    );
  });

  it("locked by its page refuses everything, renewed addresses of images too, until another takes its place", async () => {
    const ctx = await region.signedIn("rohan.patel");
    await Identity.lockSession(ctx, { why: "idle" });
    expect(await ask(ctx)).toBe("SESSION_LOCKED");
    const renewal = Study.signObjects(ctx, {
      studyId: "0199a000-0000-7000-8000-000000000003",
      instanceIds: ["0199a000-0000-7000-8000-000000000004"],
      servedVersion: 1,
    });
    expect(await codeOf(renewal)).toBe("SESSION_LOCKED");
    expect(await Identity.readSession(ctx, {})).toMatchObject({ state: "locked", why: null });
    const { wasLocked } = await Identity.endSession(ctx, { sessionId: idOf(ctx), why: "replaced" });
    expect(wasLocked).toBe(true);
    expect(await ask(ctx)).toBe("SESSION_ENDED");
    expect(await audited(idOf(ctx))).toMatchObject([
      { verb: "signed-in" },
      { action: "identity.lock-session", detail: { why: "idle" } },
      { verb: "signed-out", detail: { why: "replaced" } },
    ]);
  });

  it("left alone for 15 minutes is locked also where its page is gone, and use keeps it open", async () => {
    const ctx = await region.signedIn("rohan.patel");
    expect(await ask(later(ctx, 15))).toBe("done");
    expect(await ask(later(ctx, 17))).toBe("SESSION_LOCKED");
    await Identity.touchSession(later(ctx, 14), {});
    expect(await ask(later(ctx, 29))).toBe("done");
    expect(await ask(later(ctx, 31))).toBe("SESSION_LOCKED");
  });

  it("is over after a shift of 12 hours, however much it was used", async () => {
    const ctx = await region.signedIn("rohan.patel");
    for (let minutes = 10; minutes < 720; minutes += 10) await Identity.touchSession(later(ctx, minutes), {});
    expect(await ask(later(ctx, 719))).toBe("done");
    expect(await ask(later(ctx, 721))).toBe("SESSION_ENDED");
    expect(await Identity.readSession(later(ctx, 721), {})).toMatchObject({
      state: "ended",
      why: "shift-over",
    });
  });

  it("is ended by its own person alone, from whatever device, and shown to them", async () => {
    const [here, there] = [await region.signedIn("priya.nair@RPC"), await region.signedIn("priya.nair@RTK")];
    const listed = await Identity.listMySessions(here, {});
    expect(listed.map(({ organisation, isThis }) => [organisation, isThis])).toEqual([
      ["RTK", false],
      ["RPC", true],
    ]);
    const ines = await region.signedIn("ines.marlow");
    expect(await codeOf(Identity.endSession(ines, { sessionId: idOf(there) }))).toBe("NOT_FOUND");
    await Identity.endSession(here, { sessionId: idOf(there) });
    expect(await ask(there)).toBe("SESSION_ENDED");
    expect(await ask(here)).toBe("done");
  });

  it("can't be made longer, unlocked or revived in the database by the runtime role", async () => {
    const ctx = await region.signedIn("ines.marlow");
    const change = (set: string) =>
      rows(region, `UPDATE session SET ${set} WHERE id = '${idOf(ctx)}' RETURNING id`);
    await expect(change("ends_at = ends_at + interval '1 hour'")).rejects.toThrow("only locks and ends");
    await expect(change("proved_at = now()")).rejects.toThrow("only locks and ends");
    await Identity.lockSession(ctx, { why: "asked" });
    await expect(change("locked_at = NULL")).rejects.toThrow("only locks and ends");
    await Identity.endSession(ctx, { sessionId: idOf(ctx) });
    await expect(change("ended_at = NULL")).rejects.toThrow("only locks and ends");
  });

  it("knows when its person proved who they are", async () => {
    const provedWithin = defineAction({
      name: "test.proved-within",
      input: z.object({ seconds: z.number() }),
      policy: { name: "test.anyone", decide: () => ({ allowed: true }), cases: [] },
      load: async () => null,
      run: async (tx, { seconds }) => freshlyProved(tx, seconds),
      audit: { how: "none" },
    });
    const ctx = await region.signedIn("ines.marlow", { secondsAgo: 200 });
    expect(await provedWithin(ctx, { seconds: 300 })).toBe(true);
    expect(await provedWithin(ctx, { seconds: 100 })).toBe(false);
    expect(await provedWithin(region.as("ines.marlow"), { seconds: 1e9 })).toBe(false);
  });

  it("of somebody whose organisation isn't of the region doesn't begin", async () => {
    const actor = { ...region.as("ines.marlow").actor, organisation: "ZZZ" } as Ctx["actor"];
    const began = Identity.beginSession(region.ctxOf(actor), {
      ...{
        displayName: "Dr X",
        providerSub: "x",
        provedAt: new Date(),
        idleSeconds: 900,
        shiftSeconds: 60,
        roleActivities: [],
      },
    });
    expect(await codeOf(began)).toBe("organisation-unknown");
  });

  it("that the provider logs out ends at once, by its session or by its person, and a token counts once", async () => {
    const system = region.ctxOf({ kind: "system", id: "back-channel-logout" });
    const begin = async (providerSid: string) => {
      const ctx = region.as("owen.hartley");
      const { sessionId } = await Identity.beginSession(ctx, {
        ...{ displayName: "Mr O H", providerSub: "sub-owen", providerSid, provedAt: new Date() },
        ...{ idleSeconds: 900, shiftSeconds: 3600, roleActivities: [] },
      });
      return { ...ctx, session: { id: sessionId } };
    };
    const [one, other, third] = [await begin("sid-1"), await begin("sid-2"), await begin("sid-3")];
    expect(
      await Identity.endByLogoutToken(system, { jti: "j1", sub: "sub-owen", sid: "sid-1" }),
    ).toHaveLength(1);
    expect(await ask(one)).toBe("SESSION_ENDED");
    expect(await ask(other)).toBe("done");
    expect(await codeOf(Identity.endByLogoutToken(system, { jti: "j1", sid: "sid-2" }))).toBe(
      "LOGOUT_TOKEN_REPLAYED",
    );
    expect(await ask(other)).toBe("done");
    expect(await Identity.endByLogoutToken(system, { jti: "j2", sub: "sub-owen" })).toHaveLength(2);
    expect([await ask(other), await ask(third)]).toEqual(["SESSION_ENDED", "SESSION_ENDED"]);
    expect(await Identity.readSession(third, {})).toMatchObject({ why: "back-channel" });
    expect(await codeOf(Identity.endByLogoutToken(region.as("ines.marlow"), { jti: "j3", sub: "x" }))).toBe(
      "system-only",
    );
  });

  it("remembers what its person is called, for pages that say who did what", async () => {
    const ctx = await region.signedIn("grace.fielding");
    const [person] = await rows<{ display_name: string; last_role: string; last_organisation: string }>(
      region,
      `SELECT display_name, last_role, last_organisation FROM person WHERE id = '${ctx.actor.id}'`,
    );
    expect(person).toEqual({
      display_name: "Ms Grace Fielding",
      last_role: "radiographer",
      last_organisation: "RXC",
    });
  });

  it("that didn't come to be is on the record with its reason", async () => {
    const system = region.ctxOf({ kind: "system", id: "portal" });
    const refused = Identity.refuseSignIn(system, { reason: "ASSURANCE_TOO_LOW", personId: "555" });
    expect(await codeOf(refused)).toBe("ASSURANCE_TOO_LOW");
    const [row] = await rows<object>(
      region,
      "SELECT verb, outcome, reason, detail FROM audit_event WHERE action = 'identity.refuse-sign-in'",
    );
    expect(row).toEqual({
      verb: "signed-in",
      outcome: "failure",
      reason: "ASSURANCE_TOO_LOW",
      detail: { person: "555" },
    });
  });
});
