import { randomUUID } from "node:crypto";
import type { Ctx } from "@weald/core/kernel";
import * as Operations from "@weald/core/operations";
import { QueueUnavailable } from "@weald/core/ports";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, codeOf, dicom, rowan, rows, sendAll, systemCtx } from "./sent.ts";

const QUEUES = ["UrgentArrivals", "Arrivals", "BulkArrivals", "Facts"];
const READS = [
  Operations.readArrivals,
  Operations.readQueues,
  Operations.readStorage,
  Operations.readGateways,
  Operations.readWaiting,
];

describe("the operations of a trust", () => {
  let region: Region;
  let manager: Ctx;
  let others: Ctx;
  const study = mintUid();
  const own = [bytesOf({ study, number: 1 }), bytesOf({ study, number: 2 }), bytesOf({})];
  const theirs = bytesOf({ of: rowan({ localNumber: "RTK-1" }) });
  const nameless = bytesOf({ more: { "00100020": { vr: "LO" } } });
  const sum = (bytes: readonly Uint8Array[]) => bytes.reduce((all, { byteLength }) => all + byteLength, 0);

  beforeAll(async () => {
    region = await Region.create();
    manager = region.as("tom.reyes");
    others = region.as("sunita.kaur");
    await sendAll(region, "RXC", ...own.map(dicom), dicom(nameless));
    await sendAll(region, "RTK", dicom(theirs));
  });
  afterAll(() => region.stop());

  /** Nothing is ever deleted: what a test made up counts no more. */
  const skip = (inboxKey: string) =>
    rows(
      region,
      `UPDATE inbox_item SET outcome = 'skipped', settled_at = now() WHERE inbox_key = '${inboxKey}'`,
    );

  const came = async (ctx: Ctx) => {
    const { hours, lastHour, lastDay } = await Operations.readArrivals(ctx, {});
    const all = (count: (hour: (typeof hours)[number]) => number) =>
      hours.reduce((most, hour) => most + count(hour), 0);
    return {
      hours: hours.length,
      instances: all(({ instances }) => instances),
      studies: all(({ studies }) => studies),
      counted: [lastHour.counted, lastDay.counted],
      isMeasured: (lastHour.medianSeconds ?? -1) >= 0 && (lastHour.p95Seconds ?? -1) >= 0,
    };
  };

  it("counts what came by the hour and its delay, without what a person must look at", async () => {
    expect(await came(manager)).toEqual({
      ...{ hours: 24, instances: 3, studies: 2, counted: [3, 3], isMeasured: true },
    });
  });

  it("shows another trust's manager their own alone", async () => {
    expect(await came(others)).toMatchObject({ instances: 1, studies: 1 });
    expect(await Operations.readWaiting(others, {})).toMatchObject({
      custodian: "RTK",
      quarantine: { count: 0, oldest: undefined },
    });
    const { originals } = await Operations.readStorage(others, {});
    expect(originals).toEqual({ instances: 1, sizeBytes: theirs.byteLength });
  });

  it("measures the delay from the announcement, and leaves out what waited for a person", async () => {
    await rows(
      region,
      `UPDATE inbox_item SET created_at = settled_at - interval '40 seconds' WHERE custodian = 'RXC' AND outcome = 'accepted'`,
    );
    // Put aside and then tried again: it waited for somebody, not for Weald.
    await rows(
      region,
      `WITH one AS (INSERT INTO inbox_item (id, upload_id, custodian, kind, inbox_key, size_bytes, outcome, created_at, settled_at)
         SELECT gen_random_uuid(), upload_id, 'RXC', 'dicom', 'x', 0, 'accepted', now() - interval '9 days', now()
         FROM inbox_item WHERE custodian = 'RXC' LIMIT 1 RETURNING id)
       INSERT INTO quarantine_item (id, custodian, inbox_item_id, kind, object_key, size_bytes, code, sentence, state)
       SELECT gen_random_uuid(), 'RXC', id, 'dicom', 'quarantine/x', 0, 'X', 'x', 'retried' FROM one`,
    );
    const { lastDay } = await Operations.readArrivals(manager, {});
    expect(lastDay).toEqual({ counted: 3, medianSeconds: 40, p95Seconds: 40 });
    await skip("x");
  });

  it("tells what waits in the quarantine, what didn't arrive and what failed, with since when", async () => {
    await rows(
      region,
      `INSERT INTO inbox_item (id, upload_id, custodian, kind, inbox_key, size_bytes, created_at)
       SELECT gen_random_uuid(), upload_id, 'RXC', 'dicom', k, 1, now() - m::interval
       FROM inbox_item, (VALUES ('late', '20 minutes'), ('young', '1 minute')) AS v(k, m)
       WHERE outcome = 'quarantined' AND custodian = 'RXC'`,
    );
    await rows(
      region,
      `INSERT INTO link_task (id, organisation, kind, for_whom, patient_id, raised_at)
       VALUES ('${randomUUID()}', 'RXC', 'not-delivered', 'x', '${randomUUID()}', now()),
         ('${randomUUID()}', 'RTK', 'not-delivered', 'x', '${randomUUID()}', now())`,
    );
    const waiting = await Operations.readWaiting(manager, {});
    expect(waiting).toMatchObject({
      quarantine: { count: 1, oldest: expect.any(String) },
      notArrived: { count: 1, oldest: expect.any(String) },
      messagesNotDelivered: { count: 1 },
      corrections: { count: 0 },
      asksNotTold: { count: 0 },
    });
    await skip("late");
    await skip("young");
  });

  it("tells each queue, also an empty one, with its oldest message", async () => {
    const quiet = await Operations.readQueues(manager, {});
    expect(quiet.queues).toEqual(
      [...QUEUES, ...QUEUES.map((name) => `${name}DeadLetters`)].map((queue) => ({
        ...{ queue, waiting: 0, oldestSeconds: undefined },
      })),
    );
    const [untold] = await rows<{ n: number }>(
      region,
      "SELECT count(*)::int AS n FROM outbox WHERE relayed_at IS NULL",
    );
    expect(quiet.untold.count).toBe(untold?.n);
    await region.service.ports.arrivals.bulk.send([{ body: "{}" }]);
    const { queues } = await Operations.readQueues(manager, {});
    const waiting = queues.filter((one) => one.waiting > 0);
    expect(waiting).toMatchObject([{ queue: "BulkArrivals", waiting: 1 }]);
    expect(waiting[0]?.oldestSeconds).toBeLessThan(60);
  });

  it("says that the queues can't be asked, and the other figures stand", async () => {
    const depths = () => Promise.reject(new QueueUnavailable("away"));
    const { service } = manager;
    const ports = { ...service.ports, queueGauge: { depths } };
    const cut = { ...manager, service: { ...service, ports } };
    expect(await codeOf(Operations.readQueues(cut, {}))).toBe("QUEUE_UNAVAILABLE");
    expect((await Operations.readArrivals(cut, {})).hours).toHaveLength(24);
  });

  it("counts the bytes of all originals, the same before and after the timer has counted them", async () => {
    const stored = async () => (await Operations.readStorage(manager, {})).originals;
    const all = { instances: 3, sizeBytes: sum(own) };
    expect(await stored()).toEqual(all);
    // Two years ago, a day ago, and just now: the timer goes over the years in which nothing came.
    for (const [age, number] of [
      ["2 years", 1],
      ["1 day", 2],
    ])
      await rows(
        region,
        `UPDATE inbox_item SET settled_at = settled_at - interval '${age}'
         WHERE instance_id IN (SELECT id FROM instance WHERE instance_number = ${number}
           AND series_id IN (SELECT s.id FROM series s JOIN study t ON t.id = s.study_id WHERE t.study_instance_uid = '${study}'))`,
      );
    expect(await Operations.readStorage(manager, {})).toMatchObject({ isCounting: true });
    let rounds = 0;
    for (let isMore = true; isMore && rounds < 100; rounds += 1)
      ({ isMore } = await Operations.tallyArrivals(systemCtx(region), {}));
    expect(rounds).toBeLessThan(10);
    const { colder } = await Operations.readStorage(manager, {});
    expect(colder).toEqual({ afterDays: 30, instances: 1, sizeBytes: own[0]?.byteLength });
    expect(await stored()).toEqual(all);
    expect(await Operations.readStorage(manager, {})).toMatchObject({ isCounting: false });
    await Operations.tallyArrivals(systemCtx(region), {});
    expect(await stored()).toEqual(all);
    const { quarantine } = await Operations.readStorage(manager, {});
    expect(quarantine).toMatchObject({ count: 1, sizeBytes: nameless.byteLength });
  });

  const standing = {
    ...{ version: "0.1.0", startedAt: new Date().toISOString(), freeBytes: 5e11, isRefusing: false },
    waiting: { count: 12, bytes: 6_300_000, oldest: "2026-11-26T09:00:00Z" },
  };

  it("shows how the trust's gateway stood last, and that one isn't heard", async () => {
    expect((await Operations.readGateways(manager, {})).gateways).toEqual([]);
    await Operations.tellGateway(region.gateway("RXC"), standing);
    const read = async () => (await Operations.readGateways(manager, {})).gateways;
    expect(await read()).toMatchObject([
      { clientId: "gateway-RXC", link: "heard", version: "0.1.0", waitingCount: 12, waitingBytes: 6_300_000 },
    ]);
    const trouble = { code: "REGION_AWAY", since: "2026-11-26T09:00:00Z" };
    await Operations.tellGateway(region.gateway("RXC"), { ...standing, trouble });
    expect(await read()).toMatchObject([{ link: "in-trouble", troubleCode: "REGION_AWAY" }]);
    await rows(region, "UPDATE edge_gateway SET told_at = now() - interval '181 seconds'");
    expect(await read()).toMatchObject([{ link: "silent" }]);
    expect((await Operations.readGateways(others, {})).gateways).toEqual([]);
  });

  it.each(["rohan.patel", "grace.fielding", "callum.drake"])("is refused to %s", async (key) => {
    for (const read of READS) expect(await codeOf(read(region.as(key), {}))).toBe("not-for-this-role");
  });

  it("a person tells nothing in a gateway's name, and a gateway reads nothing", async () => {
    expect(await codeOf(Operations.tellGateway(manager, standing))).toBe("not-for-this-role");
    expect(await codeOf(Operations.readGateways(region.gateway("RXC"), {}))).toBe("not-for-this-role");
    expect(await codeOf(Operations.tallyArrivals(manager, {}))).toBe("system-only");
    const bad = { ...standing, version: "<b>" };
    expect(await codeOf(Operations.tellGateway(region.gateway("RXC"), bad))).toBe("INPUT_INVALID");
  });

  it("a page that asks each minute is one row of the audit, which names nobody", async () => {
    const [before] = await rows<{ n: number }>(
      region,
      `SELECT count(*)::int AS n FROM audit_event WHERE action = 'operations.read-waiting' AND actor_id = '${manager.actor.id}'`,
    );
    await Operations.readWaiting(manager, {});
    await Operations.readWaiting(manager, {});
    const found = await rows<{ patient: string | null; custodian: string }>(
      region,
      `SELECT patient_id AS patient, custodian FROM audit_event
       WHERE action = 'operations.read-waiting' AND outcome = 'success' AND actor_id = '${manager.actor.id}'`,
    );
    expect(found).toEqual([{ patient: null, custodian: "RXC" }]);
    expect(before?.n).toBe(1);
  });
});
