import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type NewItem, Spool } from "../ledger/index.ts";
import { type Forwarder, startForwarder } from "./forwarder.ts";
import { RegionAway, type RegionClient, RegionRefused } from "./region-client.ts";
import { throttle } from "./throttle.ts";

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !isSo(); await wait(5))
    if (Date.now() > end) throw new Error("never");
}

const image = (urgency: NewItem["urgency"] = "routine", key = "sop:1"): NewItem => ({
  kind: "dicom",
  urgency,
  stream: "CT1",
  keys: [key],
});

describe("sending on", () => {
  let home: string;
  let spool: Spool;
  let store: Server;
  let forwarder: Forwarder | undefined;
  /** Sizes in the order in which they had arrived. */
  let arrived: number[];
  let failures: Error[];
  let unknownUploads: Set<string>;
  /** Size and urgency of what was asked for. */
  let signed: [number, string][];
  let uploads: number;

  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), "weald-forward-"));
    spool = await Spool.open({ home, leastFreeBytes: 0, log: () => {} });
    [arrived, failures, unknownUploads, uploads, signed] = [[], [], new Set(), 0, []];
    store = createServer((request, response) => {
      let size = 0;
      request.on("data", (piece: Buffer) => {
        size += piece.length;
      });
      request.on("end", () => {
        arrived.push(size);
        response.writeHead(size === 13 ? 400 : 200).end(size === 13 ? "UNLUCKY" : "");
      });
    });
    await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    await forwarder?.stop();
    forwarder = undefined;
    await spool.close();
    store.closeAllConnections();
    store.close();
    rmSync(home, { recursive: true, force: true });
  });

  const client: RegionClient = {
    async beginUpload() {
      const failure = failures.shift();
      if (failure) throw failure;
      uploads += 1;
      return { uploadId: `upload-${uploads}` };
    },
    async signItems(uploadId, files) {
      for (const { sizeBytes, urgency } of files) signed.push([sizeBytes, urgency]);
      const url = `http://127.0.0.1:${(store.address() as AddressInfo).port}/`;
      return files.map(({ ref }) => ({ ref, itemId: `${uploadId}-${ref}`, put: { url, headers: {} } }));
    },
    async readOutcomes(uploadId, ids) {
      if (unknownUploads.has(uploadId)) throw new RegionRefused(404, "UPLOAD_NOT_FOUND", "");
      return ids.map((itemId) => ({ itemId, outcome: "accepted" as const }));
    },
  };
  function start(more: { bytesPerSecond?: number; atOnce?: number } = {}): void {
    forwarder = startForwarder({
      spool,
      client,
      sendStep: async () => {},
      sendLooks: async () => {},
      line: throttle(more.bytesPerSecond),
      config: { atOnce: 1, longestWaitSeconds: 0.05, ...more },
      log: () => {},
      pollMs: 5,
    });
  }

  it("begins with the most urgent, whatever came first", async () => {
    await spool.add(image("bulk"), Buffer.alloc(1));
    await spool.add(image("routine"), Buffer.alloc(2));
    await spool.add(image("urgent"), Buffer.alloc(3));
    start();
    await until(() => arrived.length === 3);
    expect(arrived).toEqual([3, 2, 1]);
  });

  it("what is urgent passes a volume that is on a slow line", async () => {
    await spool.add(image("routine"), Buffer.alloc(40_000_000));
    start({ bytesPerSecond: 20_000_000 });
    await wait(50);
    await spool.add(image("urgent"), Buffer.alloc(500_000));
    await until(() => arrived.length === 2);
    expect(arrived).toEqual([500_000, 40_000_000]);
  });

  it("holds a slow line's limit", async () => {
    await spool.add(image(), Buffer.alloc(3_000_000));
    const began = Date.now();
    start({ bytesPerSecond: 1_000_000 });
    await until(() => arrived.length === 1);
    // A second's worth may go at once.
    expect(Date.now() - began).toBeGreaterThan(1500);
  });

  it("tries a region that is away again and again, and says since when", async () => {
    failures = Array.from({ length: 4 }, () => new RegionAway(undefined));
    await spool.add(image(), Buffer.alloc(1));
    start();
    await until(() => forwarder?.trouble() !== undefined);
    expect(forwarder?.trouble()).toMatchObject({ code: "REGION_AWAY" });
    await until(() => spool.standing.all.count === 0);
    expect(forwarder?.trouble()).toBeUndefined();
    expect(await spool.find("sop:1")).toMatchObject({ state: "settled", outcome: "accepted" });
  });

  it("one that is refused doesn't hold the others up, and is never given up", async () => {
    await spool.add(image("routine", "sop:unlucky"), Buffer.alloc(13));
    await spool.add(image("routine", "sop:other"), Buffer.alloc(14));
    start();
    await until(() => spool.standing.all.count === 1 && arrived.filter((size) => size === 13).length > 1);
    expect(await spool.find("sop:other")).toMatchObject({ state: "settled" });
    expect(await spool.find("sop:unlucky")).toMatchObject({ state: "waiting" });
  });

  it("tells the region how urgent each is, which takes them in in that order", async () => {
    await spool.add(image("bulk", "sop:old"), Buffer.alloc(1));
    await spool.add(image("urgent", "sop:now"), Buffer.alloc(2));
    start();
    await until(() => spool.standing.all.count === 0);
    expect(signed.toSorted()).toEqual([
      [1, "bulk"],
      [2, "urgent"],
    ]);
  });

  it("sends again what a region doesn't know any more", async () => {
    unknownUploads.add("upload-1");
    await spool.add(image(), Buffer.alloc(1));
    const { item } = await onceSent();
    expect(item).toMatchObject({ state: "settled", outcome: "accepted" });
    expect(arrived).toEqual([1, 1]);
  });

  it("sends once what the other lane has sent while the line was read", async () => {
    const { nextWaiting } = spool.ledger;
    const stale: string[] = [];
    // What a lane reads is as old as a busy disk makes it.
    spool.ledger.nextWaiting = async (limit) => {
      const read = await nextWaiting(limit);
      if (read.length > 0 && stale.length === 0) {
        stale.push(...read.map(({ id }) => id));
        await until(() => arrived.length === 1 && spool.standing.all.count === 0);
      }
      return read;
    };
    start();
    await spool.add(image("urgent"), Buffer.alloc(1));
    await until(() => arrived.length === 1 && spool.standing.all.count === 0);
    await spool.add(image("urgent", "sop:2"), Buffer.alloc(2));
    await until(() => arrived.includes(2));
    await until(() => spool.standing.waiting.urgent.count === 0 && spool.standing.sent.count === 0);
    expect(stale).toHaveLength(1);
    expect(arrived).toEqual([1, 2]);
    expect(await spool.find("sop:1")).toMatchObject({ state: "settled", outcome: "accepted" });
  });

  /** Starts, lets the first upload be forgotten, and waits for the end. */
  async function onceSent() {
    start();
    await until(() => arrived.length === 1);
    // The sender keeps an upload for half an hour; a region that was set back refuses to sign for it too.
    const { signItems } = client;
    client.signItems = (uploadId, files) =>
      unknownUploads.has(uploadId)
        ? Promise.reject(new RegionRefused(404, "UPLOAD_NOT_FOUND", ""))
        : signItems(uploadId, files);
    await until(() => spool.standing.all.count === 0);
    return { item: await spool.find("sop:1") };
  }
});
