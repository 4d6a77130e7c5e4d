import { randomUUID } from "node:crypto";
import * as Audit from "@weald/core/audit";
import * as Consent from "@weald/core/consent";
import * as Identity from "@weald/core/identity";
import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Packing from "@weald/core/packing";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import type { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { opened, openRegion, sendStudy, somebody } from "./links/patient.ts";
import { readAll, seriesOf, slice } from "./packing/packed.ts";
import { at, codeOf, image, rowan, rows, sendAll, sendUnfinished, systemCtx } from "./sent.ts";

/** The clock of all our processes was an hour ahead, and was then set right. */
describe("a clock that goes an hour forward and back", () => {
  let region: Region;
  let staff: Ctx;
  let system: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
    system = systemCtx(region);
  });
  afterAll(() => region.stop());

  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  const AHEAD = 60;
  const versionsOf = async (seriesId: string) =>
    (
      await rows<{ version: number }>(region, "SELECT version FROM pack WHERE series_id = $1::uuid", seriesId)
    ).map(({ version }) => version);

  async function packAll(): Promise<void> {
    while ((await Packing.packNext(system, {})).isMore);
  }
  /** The only one that is due. */
  async function sentToPack(): Promise<string> {
    await packAll();
    const [study, series] = [mintUid(), mintUid()];
    const of = rowan({ localNumber: `C-${series.slice(-8)}`, family: `Elm${series.slice(-6)}`, nhs: "" });
    await sendAll(region, "RXC", ...[1, 2, 3].map((number) => slice({ study, series, of, number })));
    await region.drain();
    return (await seriesOf(region, series)).seriesId;
  }

  it("a session that was used ahead and then left alone is locked after its idle time all the same", async () => {
    const ctx = await region.signedIn("amara.okafor@RXC");
    for (const step of [10, 20, 30, 40, 50, AHEAD]) await Identity.touchSession(at(ctx, minutes(step)), {});
    expect(await codeOf(Worklist.list(ctx, {}))).toBe("SESSION_LOCKED");
    expect(await codeOf(Worklist.list(at(ctx, minutes(30)), {}))).toBe("SESSION_LOCKED");
  });

  it("a link's session that was used ahead is over at once, and no link lives beyond its own end", async () => {
    const study = await sendStudy(region, { of: somebody() });
    const one = await opened(region, staff, study, { days: 1 });
    expect(await codeOf(Consent.readMine(one.patient, {}))).toBe("done");
    await rows(
      region,
      "UPDATE link_session SET last_seen_at = $2::timestamptz WHERE link_id = $1::uuid RETURNING 1",
      one.linkId,
      minutes(AHEAD).toISOString(),
    );
    expect(await codeOf(Consent.readMine(one.patient, {}))).toBe("SESSION_ENDED");
    const fresh = await opened(region, staff, study, { days: 1 });
    expect(await codeOf(Consent.readMine(at(fresh.patient, minutes(26 * 60)), {}))).not.toBe("done");
  });

  it("images that came in ahead are there once, and settle when the clock is right again", async () => {
    const study = mintUid();
    const [series, sop] = [mintUid(), mintUid()];
    const shot = { study, series, sop, of: rowan({ localNumber: "C-2", family: "Hazel", nhs: "" }) };
    await sendUnfinished(region, "RXC", [image(shot), image({ ...shot, sop: mintUid(), number: 2 })]);
    const { seriesId } = await seriesOf(region, series);
    await rows(
      region,
      "UPDATE series SET last_arrived_at = $2::timestamptz WHERE id = $1::uuid RETURNING 1",
      seriesId,
      minutes(AHEAD).toISOString(),
    );
    await Study.settle(system, {});
    const [settled] = await rows<{ count: number; isSettled: boolean }>(
      region,
      `SELECT instance_count AS count, settled_at IS NOT NULL AS "isSettled" FROM series WHERE id = $1::uuid`,
      seriesId,
    );
    expect(settled).toEqual({ count: 2, isSettled: true });
    await sendUnfinished(region, "RXC", [image(shot)]);
    expect(await readAll(staff, seriesId)).toHaveLength(2);
    expect(await Ingest.sweepInbox(at(system, minutes(AHEAD)), {})).toEqual({ cleared: 0, driven: 0 });
  });

  it("a pack whose maker died ahead is made when the clock is right again, not an hour later", async () => {
    const seriesId = await sentToPack();
    const dying = (ctx: Ctx): Ctx => ({
      ...ctx,
      service: {
        ...ctx.service,
        crashPoint: (name) => {
          if (name === "after-pack-claim") throw new Error("killed");
        },
      },
    });
    await expect(Packing.packNext(at(dying(system), minutes(AHEAD)), {})).rejects.toThrow("killed");
    await packAll();
    expect(await versionsOf(seriesId)).toEqual([1]);
  });

  it("a pack that two made, as the clock ended the first one's lease, is published once", async () => {
    const seriesId = await sentToPack();
    let overtaken: Promise<unknown> | undefined;
    const first: Ctx = {
      ...system,
      service: {
        ...system.service,
        ports: {
          ...system.service.ports,
          packer: {
            async pack(instances, key) {
              overtaken = Packing.packNext(at(system, minutes(AHEAD)), {});
              await overtaken;
              return system.service.ports.packer.pack(instances, key);
            },
          },
        },
      },
    };
    await Packing.packNext(first, {});
    expect(await overtaken).toMatchObject({ packed: 1 });
    await packAll();
    expect(await versionsOf(seriesId)).toEqual([1]);
    expect(new Set((await readAll(staff, seriesId)).map(({ packed }) => packed?.packId)).size).toBe(1);
  });

  it("the audit keeps every look, and its seals hold", async () => {
    const marked = randomUUID();
    const looking = (time: Date): Ctx => ({ ...at(staff, time), correlationId: marked });
    for (const step of [0, AHEAD, 0, -AHEAD, 0]) await Worklist.list(looking(minutes(step)), {});
    const looks = await rows(region, "SELECT id::text FROM audit_event WHERE correlation_id = $1", marked);
    expect(looks).toHaveLength(5);
    for (const step of [AHEAD, 0, AHEAD]) await Audit.sealRows(at(system, minutes(step)), {});
    expect(await Audit.verifySeals(system, {})).toMatchObject({ faults: [] });
  });
});
