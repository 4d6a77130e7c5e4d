import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, request, rowan, rows, sendAll, studyIdOf } from "./sent.ts";

describe("what would be due", () => {
  let region: Region;
  let manager: Ctx | undefined;
  const ctx = () => manager as Ctx;
  const [adult, cancer, child] = [mintUid(), mintUid(), mintUid()];
  const due = (at: string, who = ctx()) => Study.listDue(who, { custodian: "RXC", at });

  beforeAll(async () => {
    region = await Region.create();
    manager = region.as("tom.reyes");
    const kid = rowan({ localNumber: "K", nhs: "", born: "20100601" });
    await sendAll(
      region,
      "RXC",
      image({ study: adult, date: "20150105", of: rowan({ localNumber: "A", nhs: "" }) }),
      image({ study: cancer, date: "20150105", accession: "C1", of: rowan({ localNumber: "C", nhs: "" }) }),
      image({ study: child, date: "20150105", of: kid }),
      request({
        accession: "C1",
        id: "c1",
        at: "20150104080000",
        of: rowan({ localNumber: "C", nhs: "" }),
        question: "Staging of lung cancer",
      }),
    );
  }, 60_000);
  afterAll(() => region.stop());

  it("is listed by rule, from the day on which it is, and not the day before", async () => {
    const adultId = await studyIdOf(region, adult);
    expect(await due("2023-01-04")).toMatchObject({ due: [], examined: 3, held: 0 });
    expect((await due("2023-01-05")).due).toEqual([
      { studyId: adultId, studyDate: "2015-01-05", until: "2023-01-05", reason: "adult-8-years" },
    ]);
    expect((await due("2035-06-01")).due.map(({ reason }) => reason).sort()).toEqual([
      "adult-8-years",
      "child-25th-birthday",
    ]);
    expect((await due("2045-01-05")).due).toHaveLength(3);
  });
  it("is nothing that is held, until the hold is ended; who, why and when stay on record", async () => {
    const studyId = await studyIdOf(region, adult);
    const { holdId } = await Study.hold(ctx(), { studyId, reason: "a claim is being heard" });
    expect(await due("2023-01-05")).toMatchObject({ due: [], held: 1 });
    await Study.endHold(ctx(), { holdId, reason: "the claim was settled" });
    expect(await codeOf(Study.endHold(ctx(), { holdId, reason: "again" }))).toBe("HOLD_ENDED");
    expect((await due("2023-01-05")).due).toHaveLength(1);
    const kept = await rows<{ reason: string; ended_reason: string }>(
      region,
      "SELECT reason, ended_reason FROM retention_hold",
    );
    expect(kept).toEqual([{ reason: "a claim is being heard", ended_reason: "the claim was settled" }]);
  });
  it("is told to the trust's own archive manager alone, and takes nothing away", async () => {
    expect(await codeOf(due("2100-01-01", region.as("sunita.kaur")))).toBe("not-your-trust");
    expect(await codeOf(due("2100-01-01", region.as("grace.fielding")))).toBe("not-for-this-role");
    await due("2100-01-01");
    const [left] = await rows<{ studies: number }>(region, "SELECT count(*)::int AS studies FROM study");
    expect(left?.studies).toBe(3);
  });
});
