import * as Audit from "@weald/core/audit";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, bytesOf, dicom, rows, sendAll, studyIdOf, systemCtx } from "./sent.ts";

describe("what was fetched and never reported", () => {
  let region: Region;
  let system: Ctx;
  let studyId: string;
  let seriesId: string;
  const begun = Date.now();
  const minutes = (ctx: Ctx, count: number) => at(ctx, new Date(begun + count * 60_000));
  beforeAll(async () => {
    region = await Region.create();
    system = systemCtx(region);
    const study = mintUid();
    await sendAll(region, "RXC", dicom(bytesOf({ study })));
    studyId = await studyIdOf(region, study);
    const opened = await Study.open(region.as("amara.okafor@RXC"), { studyId });
    seriesId = opened.series[0]?.seriesId ?? "";
  });
  afterAll(() => region.stop());
  const displayedBy = (ctx: Ctx) =>
    rows<{ action: string; detail: Record<string, unknown> }>(
      region,
      "SELECT action, detail FROM audit_event WHERE verb = 'displayed' AND study_id = $1::uuid AND actor_id = $2 ORDER BY at",
      studyId,
      ctx.actor.id,
    );

  it("counts as displayed after ten minutes and not before, once, by whoever fetched it", async () => {
    const reader = region.as("amara.okafor@RXC");
    await Study.readSeries(reader, { seriesId });
    await Audit.presumeDisplayed(minutes(system, 9), {});
    expect(await displayedBy(reader)).toEqual([]);
    for (const count of [11, 12]) await Audit.presumeDisplayed(minutes(system, count), {});
    expect(await displayedBy(reader)).toMatchObject([
      { action: "audit.presume-displayed", detail: { presumed: true } },
    ]);
  });
  it("doesn't count twice where the viewer has reported it", async () => {
    const reader = region.as("rohan.patel");
    await Study.readSeries(reader, { seriesId });
    await Study.reportDisplayed(reader, { studyId, seriesId, frames: 1 });
    await Audit.presumeDisplayed(minutes(system, 11), {});
    expect((await displayedBy(reader)).map(({ action }) => action)).toEqual(["study.report-displayed"]);
  });
  it("in a declared prefetch counts for nothing, until somebody really fetches it", async () => {
    const reader = region.as("helen.whitlock");
    await Study.readSeries(reader, { seriesId, isPrefetch: true });
    await Audit.presumeDisplayed(minutes(system, 11), {});
    expect(await displayedBy(reader)).toEqual([]);
    await Study.readSeries(reader, { seriesId });
    await Audit.presumeDisplayed(minutes(system, 11), {});
    expect(await displayedBy(reader)).toHaveLength(1);
  });
});
