import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Review from "@weald/core/review";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adt, type Envelope, source } from "./messages/written.ts";
import { at, rows, sendAll, systemCtx } from "./sent.ts";

const HOUR = 3_600_000;

describe("provisional statements, in a region", () => {
  let region: Region;
  let snoop: Ctx;
  let colleague: Ctx;
  const patientIds: Record<"admitted" | "elsewhere", string> = { admitted: "", elsewhere: "" };
  beforeAll(async () => {
    region = await Region.create();
    snoop = region.as("ines.marlow");
    if (snoop.actor.kind !== "person") throw new Error("a clinician is a person");
    colleague = region.ctxOf({ ...snoop.actor, id: "555000000077", roleId: "555000000077-1" });
    const envelope = (number: string): Envelope => ({
      ...{ trust: "RYR", number, id: number, at: new Date(Date.now() - HOUR) },
      person: { family: "Larch", given: number, born: "19700101", sex: "F" },
    });
    await sendAll(
      region,
      "RYR",
      source(adt("A01", envelope("admitted"), { visit: "V1", clinicians: ["555000000088"] })),
      source(adt("A28", envelope("elsewhere"))),
    );
    const found = await rows<{ number: "admitted" | "elsewhere"; id: string }>(
      region,
      "SELECT local_number AS number, patient_id::text AS id FROM patient_record",
    );
    for (const { number, id } of found) patientIds[number] = id;
  });
  afterAll(() => region.stop());

  async function state(ctx: Ctx, of: keyof typeof patientIds, times: number): Promise<void> {
    for (let nth = 0; nth < times; nth += 1)
      await Access.stateRelationship(ctx, { patientId: patientIds[of], statement: "treating-now" });
  }
  async function judge(hours: number): Promise<void> {
    const system = at(systemCtx(region), new Date(Date.now() + hours * HOUR));
    while ((await Review.flagUnusual(system, {})).isMore);
  }
  const flags = async () => (await Review.listFlags(region.as("edmund.frost"), {})).flags;
  const confirmedBy = () =>
    rows<{ by: string | null; judged: boolean; n: number }>(
      region,
      `SELECT confirmed_by AS by, judged_at IS NOT NULL AS judged, count(*)::int AS n FROM relationship
       WHERE kind = 'statement' GROUP BY 1, 2 ORDER BY 1 NULLS LAST`,
    );

  it("are judged once their 72 hours are over, and keep what confirmed them", async () => {
    await state(snoop, "admitted", 2);
    await state(snoop, "elsewhere", 12);
    await state(colleague, "admitted", 20);
    await state(colleague, "elsewhere", 5);
    await judge(71);
    expect(await confirmedBy()).toEqual([{ by: null, judged: false, n: 39 }]);
    expect(await flags()).toEqual([]);
    await judge(73);
    expect(await confirmedBy()).toEqual([
      { by: "admission", judged: true, n: 22 },
      { by: null, judged: true, n: 17 },
    ]);
  });
  it("that little confirms are flagged with their numbers beside colleagues', for the trust's officer", async () => {
    const [flag, ...more] = (await flags()).filter(({ reasons }) =>
      reasons.some(({ code }) => code === "unconfirmed-statements"),
    );
    expect(more).toEqual([]);
    expect(flag).toMatchObject({ personId: snoop.actor.id, organisation: "RYR" });
    expect(flag?.reasons.map(({ says }) => says).join()).toContain(
      "stated 14 times in a month why they look, and 2 were confirmed; of their colleagues' 80 % are",
    );
  });
  it("are flagged once a week at most, though more come", async () => {
    await state(at(snoop, new Date(Date.now() + 24 * HOUR)), "elsewhere", 3);
    await judge(98);
    const flagged = (await flags()).filter(({ reasons }) =>
      reasons.some(({ code }) => code === "unconfirmed-statements"),
    );
    expect(flagged).toHaveLength(1);
  });
});
