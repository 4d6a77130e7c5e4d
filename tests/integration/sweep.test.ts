import { randomUUID } from "node:crypto";
import * as Audit from "@weald/core/audit";
import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, bytesOf, codeOf, rows, systemCtx } from "./sent.ts";

describe("what was left in the inbox", () => {
  let region: Region;
  let system: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    system = systemCtx(region);
  });
  afterAll(() => region.stop());

  const inInbox = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of region.service.ports.inbox.list("inbox/")) keys.push(key);
    return keys;
  };
  const instancesOf = async (study: string) =>
    (
      await rows<{ id: string }>(
        region,
        "SELECT i.id::text FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i JOIN study s ON s.id = e.study_id WHERE s.study_instance_uid = $1",
        study,
      )
    ).length;

  /** Puts an object where the sender would, and no notification tells of it. */
  async function putQuietly(study: string): Promise<string> {
    const gateway = region.gateway("RXC");
    const bytes = bytesOf({ study });
    const { uploadId } = await Ingest.beginUpload(gateway, { door: "send" });
    const files = [{ ref: "0", sizeBytes: bytes.length, kind: "dicom" as const }];
    const { items } = await Ingest.signItems(gateway, { uploadId, files });
    const [{ inbox_key: key = "" } = {}] = await rows<{ inbox_key: string }>(
      region,
      "SELECT inbox_key FROM inbox_item WHERE id = $1::uuid",
      items[0]?.itemId,
    );
    await region.service.ports.inbox.put(key, bytes, { contentType: "application/dicom" });
    return key;
  }
  /** Until the inbox is empty: a delivery that a busy machine was too slow for comes again after a second. */
  async function drained(): Promise<void> {
    const until = Date.now() + 30_000;
    do await region.drain();
    while ((await inInbox()).length > 0 && Date.now() < until);
  }
  /** A second later by the clock, so that what was put just now is older than nothing. */
  const sweep = (olderThanSeconds = 0) =>
    Ingest.sweepInbox(at(system, new Date(Date.now() + 1000)), { olderThanSeconds });
  const dying = (at: string): Ctx => ({
    ...system,
    service: {
      ...system.service,
      crashPoint: (name) => {
        if (name === at) throw new Error("killed");
      },
    },
  });

  it("is told of once more where nobody told of it, and is indexed once", async () => {
    const study = mintUid();
    await putQuietly(study);
    await region.drain();
    expect(await instancesOf(study)).toBe(0);
    expect(await sweep()).toEqual({ cleared: 0, driven: 1 });
    expect(await sweep()).toEqual({ cleared: 0, driven: 1 });
    await drained();
    expect(await instancesOf(study)).toBe(1);
    expect(await inInbox()).toEqual([]);
  });

  it("isn't told of again and again while thousands wait before it, but where its turn has passed, and once an hour", async () => {
    const key = await putQuietly(mintUid());
    const { itemId = "" } = Ingest.placeOf(key) ?? {};
    const minutesOld = Array.from({ length: 1200 }, (_, at) => Math.floor(at / 10));
    const now = Date.now() + 1000;
    const told = async (count: number): Promise<number> => {
      const { ports } = system.service;
      const heard: string[] = [];
      const inbox = {
        ...ports.inbox,
        async *list(prefix: string) {
          if (!key.startsWith(prefix)) return;
          for (const minutes of minutesOld.slice(0, count)) {
            const modifiedAt = new Date(now - minutes * 60_000 - 500);
            const other = key.replace(itemId, randomUUID());
            yield { key: other, sizeBytes: 1, contentType: "application/dicom", etag: "x", modifiedAt };
          }
        },
      };
      const routine = {
        ...ports.arrivals.routine,
        send: async (messages: readonly { body: string }[]) => {
          heard.push(...messages.map(({ body }) => body));
        },
      };
      const arrivals = { ...ports.arrivals, routine };
      const service = { ...system.service, now: () => new Date(now), ports: { ...ports, inbox, arrivals } };
      const { driven } = await Ingest.sweepInbox({ ...system, service }, { olderThanSeconds: 0 });
      expect(heard).toHaveLength(driven);
      return driven;
    };
    /** What came out just now had been announced so many minutes ago. */
    const reachedBy = (announced: string, out = "0 minutes") =>
      rows(
        region,
        "UPDATE inbox_item SET created_at = now() - $1::interval, settled_at = now() - $2::interval WHERE outcome IS NOT NULL",
        announced,
        out,
      );
    // Ten objects a minute, two hours back. A thousand may be lost messages.
    await reachedBy("3 hours");
    expect(await told(1000)).toBe(1000);
    // Nobody's turn has come: those that are an hour old, for the sweep's five minutes.
    expect(await told(1200)).toBe(50);
    // The queue is half an hour behind: what is older was passed over.
    await reachedBy("1830 seconds");
    expect(await told(1200)).toBe(890);
    // Nothing has come out lately: the queue may be empty.
    await reachedBy("3 hours", "11 minutes");
    expect(await told(1200)).toBe(1200);
    await sweep();
    await drained();
  });

  it("is left alone while it is new", async () => {
    const key = await putQuietly(mintUid());
    expect(await sweep(120)).toEqual({ cleared: 0, driven: 0 });
    expect(await inInbox()).toEqual([key]);
    await sweep();
    await drained();
  });

  it("is only cleared where the process died after the commit", async () => {
    const study = mintUid();
    const key = await putQuietly(study);
    expect(await Ingest.acceptObjects(dying("after-commit"), { keys: [key] })).toMatchObject({
      failedKeys: [key],
    });
    expect([await instancesOf(study), await inInbox()]).toEqual([1, [key]]);
    expect(await sweep()).toEqual({ cleared: 1, driven: 0 });
    expect([await instancesOf(study), await inInbox()]).toEqual([1, []]);
  });

  it("is taken in whole where the process died before the commit", async () => {
    const study = mintUid();
    const key = await putQuietly(study);
    expect(await Ingest.acceptObjects(dying("before-commit"), { keys: [key] })).toMatchObject({
      failedKeys: [key],
    });
    expect([await instancesOf(study), await inInbox()]).toEqual([0, [key]]);
    expect(await sweep()).toEqual({ cleared: 0, driven: 1 });
    await drained();
    expect([await instancesOf(study), await inInbox()]).toEqual([1, []]);
  });

  it("a message that comes twice, or of an object that is gone, changes nothing", async () => {
    const study = mintUid();
    const key = await putQuietly(study);
    for (const _time of [1, 2, 3])
      expect(await Ingest.acceptObjects(system, { keys: [key, key] })).toMatchObject({ failedKeys: [] });
    expect(await instancesOf(study)).toBe(1);
  });

  it("is driven by our own functions alone", async () => {
    const manager = region.as("tom.reyes");
    expect(await codeOf(Ingest.sweepInbox(manager, {}))).toBe("system-only");
    expect(await codeOf(Ingest.acceptObjects(manager, { keys: ["x"] }))).toBe("system-only");
    expect(await codeOf(Audit.relayOutbox(manager, {}))).toBe("system-only");
  });

  it("what a committed transaction has to tell is told, also when the teller died between telling and marking", async () => {
    await region.drain();
    const waiting = () => rows<{ id: number }>(region, "SELECT id::int FROM outbox WHERE relayed_at IS NULL");
    await region.service.db.transaction({ organisation: null, patients: [], now: new Date() }, (tx) =>
      tx.outbox.create({ data: { type: "test.fact", payload: {} }, select: { id: true } }),
    );
    let told = 0;
    const facts = {
      ...system.service.ports.facts,
      send: async (messages: readonly { body: string }[]) => {
        told += messages.length;
      },
    };
    const telling = (ports: Partial<Ctx["service"]["ports"]>): Ctx => ({
      ...system,
      service: { ...system.service, ports: { ...system.service.ports, ...ports } },
    });
    const refusing = { ...facts, send: () => Promise.reject(new Error("the queue is away")) };
    expect(await codeOf(Audit.relayOutbox(telling({ facts: refusing }), {}))).toBe("the queue is away");
    expect(await waiting()).toHaveLength(1);
    expect(await Audit.relayOutbox(telling({ facts }), {})).toEqual({ relayed: 1, isMore: false });
    expect(await waiting()).toEqual([]);
    expect(told).toBe(1);
  });
});
