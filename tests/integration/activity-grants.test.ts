import * as Identity from "@weald/core/identity";
import * as Ingest from "@weald/core/ingest";
import { type Ctx, defineAction, type PersonActor } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { codeOf, rows } from "./sent.ts";

const NO = "not-for-this-role";
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY);

const whoAsks = defineAction({
  name: "test.who-asks",
  input: z.object({}),
  policy: { name: "test.anyone", decide: () => ({ allowed: true }), cases: [] },
  load: async () => null,
  run: async (tx) => tx.actor,
  audit: { how: "none" },
});

describe("an activity that an administrator gave", () => {
  let region: Region;
  let administrator: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    administrator = withActivities(region.as("tom.reyes"), ["administer"]);
  }, 60_000);
  afterAll(() => region.stop());

  const withActivities = (ctx: Ctx, activities: PersonActor["activities"]): Ctx =>
    ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, activities } } : ctx;
  const give = (who: Ctx, more: Partial<Parameters<typeof Identity.grantActivity>[1]> = {}) =>
    Identity.grantActivity(administrator, {
      ...{
        personId: who.actor.id,
        activity: "manage-archive",
        endsAt: inDays(7),
        reason: "covers a colleague",
      },
      ...more,
    });
  const quarantine = (ctx: Ctx) => codeOf(Ingest.listQuarantine(ctx, {}));

  it("counts from the next request, and is gone with the next after it ended: nothing is cached in a session", async () => {
    const grace = await region.signedIn("grace.fielding");
    expect(await quarantine(grace)).toBe(NO);
    const { grantId } = await give(grace);
    expect(await quarantine(grace)).toBe("done");
    expect((await Identity.readSession(grace, {})).activities).toContain("manage-archive");
    await Identity.endGrant(administrator, { grantId, reason: "the colleague is back" });
    expect(await quarantine(grace)).toBe(NO);
    expect(await codeOf(Identity.endGrant(administrator, { grantId, reason: "once more" }))).toBe(
      "GRANT_IS_OVER",
    );
  });

  it("ends by itself, and begins no sooner than it says", async () => {
    const grace = region.as("grace.fielding");
    await give(grace, { startsAt: inDays(1), endsAt: inDays(2) });
    const on = (days: number): Ctx => ({ ...grace, service: { ...grace.service, now: () => inDays(days) } });
    expect([await quarantine(on(0)), await quarantine(on(1.5)), await quarantine(on(2.1))]).toEqual([
      NO,
      "done",
      NO,
    ]);
  });

  it("holds at that organisation alone, under that contract", async () => {
    const [here, there] = [region.as("amara.okafor@RXC"), region.as("amara.okafor@RA2")];
    await give(here);
    expect(await quarantine(here)).toBe("done");
    expect(await quarantine(there)).toBe(NO);
  });

  it("for some modalities or body parts stands apart, for the policies to look at", async () => {
    const grace = region.as("grace.fielding");
    await give(grace, { activity: "report", modalities: ["DX", "CR"], bodyParts: ["CHEST"] });
    const actor = await whoAsks(grace, {});
    expect(actor).toMatchObject({
      scoped: [{ activity: "report", modalities: ["DX", "CR"], bodyParts: ["CHEST"] }],
    });
    expect(actor.kind === "person" && actor.activities).not.toContain("report");
  });

  it("is given by an administrator of the trust alone, never to oneself, with an end within a year", async () => {
    const grant = {
      personId: "555021935199",
      activity: "view" as const,
      endsAt: inDays(7),
      reason: "asked for it",
    };
    expect(await codeOf(Identity.grantActivity(region.as("rohan.patel"), grant))).toBe(NO);
    expect(await codeOf(give(administrator))).toBe("own-grant");
    expect(await codeOf(give(region.as("grace.fielding"), { endsAt: inDays(-1) }))).toBe(
      "GRANT_ENDS_BEFORE_IT_BEGINS",
    );
    expect(await codeOf(give(region.as("grace.fielding"), { endsAt: inDays(400) }))).toBe("GRANT_TOO_LONG");
    const other = withActivities(region.as("sunita.kaur"), ["administer"]);
    const { grantId } = await give(region.as("grace.fielding"));
    expect(await codeOf(Identity.endGrant(other, { grantId, reason: "not mine to end" }))).toBe("NOT_FOUND");
    expect(await codeOf(Identity.listPeople(region.as("rohan.patel"), {}))).toBe(NO);
  });

  it("is listed with who gave it, why and until when; who hasn't signed in yet stands under the name that was typed", async () => {
    await region.signedIn("grace.fielding");
    const personId = "555021935998";
    await Identity.grantActivity(administrator, {
      ...{ personId, displayName: "Dr Lena Brook", activity: "view", endsAt: inDays(30), reason: "locum" },
    });
    const people = await Identity.listPeople(administrator, {});
    expect(people.find((one) => one.personId === personId)).toMatchObject({
      displayName: "Dr Lena Brook",
      seenAt: null,
      grants: [{ activity: "view", reason: "locum", grantedBy: administrator.actor.id, isOver: false }],
    });
    expect(people.find(({ displayName }) => displayName === "Ms Grace Fielding")).toMatchObject({
      role: "radiographer",
      activities: ["acquire", "view", "import-outside"],
    });
    const [{ n } = { n: 0 }] = await rows<{ n: number }>(
      region,
      `SELECT count(*)::int AS n FROM audit_event WHERE action = 'identity.grant-activity' AND outcome = 'success' AND detail ->> 'person' = '${personId}'`,
    );
    expect(n).toBe(1);
  });

  it("is never rewritten, only ended", async () => {
    const change = (set: string) => rows(region, `UPDATE activity_grant SET ${set} RETURNING id`);
    await expect(change("reason = 'another'")).rejects.toThrow("only ended");
    await expect(change("ends_at = ends_at + interval '1 day'")).rejects.toThrow("only ended");
  });
});
