import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Item, type NewItem, Spool } from "./index.ts";

const image = (more: Partial<NewItem> = {}): NewItem => ({
  kind: "dicom",
  urgency: "routine",
  stream: "CT1",
  keys: ["sop:1.2.3"],
  ...more,
});

async function bytesOf(spool: Spool, item: Item): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of spool.read(item)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("the spool", () => {
  let home: string;
  let spool: Spool;
  const open = (leastFreeBytes = 0) => Spool.open({ home, leastFreeBytes, log: () => {} });
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), "weald-edge-"));
    spool = await open();
  });
  afterEach(async () => {
    await spool.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("keeps what it took in, byte for byte, and finds it by its keys after a new start", async () => {
    const kept = await spool.add(image(), Buffer.from("some bytes"));
    await spool.close();
    spool = await open();
    expect(await spool.find("sop:1.2.3")).toEqual(kept);
    expect(await spool.find("sop:1.2")).toBeUndefined();
    expect((await bytesOf(spool, kept)).toString()).toBe("some bytes");
  });

  it("gives out the most urgent first, then the small, then the old", async () => {
    const add = (urgency: NewItem["urgency"], sizeBytes: number) =>
      spool.add(image({ urgency }), Buffer.alloc(sizeBytes));
    const bulk = await add("bulk", 10);
    const large = await add("routine", 33_000_000);
    const small = await add("routine", 10);
    const later = await add("routine", 10);
    const urgent = await add("urgent", 33_000_000);
    const ids = (await spool.ledger.nextWaiting(10)).map(({ id }) => id);
    expect(ids).toEqual([urgent, small, later, large, bulk].map(({ id }) => id));
  });

  it("keeps the outcome and lets the file go when the region has settled it", async () => {
    const waiting = await spool.add(image(), Buffer.from("x"));
    const sent = await spool.markSent(waiting, { uploadId: "u", itemId: "i" });
    expect(await spool.ledger.nextWaiting(10)).toEqual([]);
    expect(await spool.ledger.sentPage(undefined, 10)).toEqual([sent]);
    expect(spool.standing.all).toEqual({ count: 1, bytes: 1 });
    await spool.settle([{ item: sent, outcome: "quarantined", code: "NOT_DICOM" }]);
    expect(await spool.ledger.sentPage(undefined, 10)).toEqual([]);
    expect(spool.standing.all).toEqual({ count: 0, bytes: 0 });
    expect(await spool.find("sop:1.2.3")).toMatchObject({ state: "settled", outcome: "quarantined" });
    await expect(bytesOf(spool, sent)).rejects.toThrow("ENOENT");
  });

  it("drops half a file after a crash, and takes up a whole one that its ledger doesn't know", async () => {
    const kept = await spool.add(image({ urgency: "urgent" }), Buffer.from("whole"));
    writeFileSync(path.join(home, "incoming/half"), "ha");
    await spool.close();
    rmSync(path.join(home, "ledger"), { recursive: true });
    spool = await open();
    expect(readdirSync(path.join(home, "incoming"))).toEqual([]);
    const [taken] = await spool.ledger.nextWaiting(10);
    expect(taken).toMatchObject({ id: kept.id, urgency: "urgent", sizeBytes: 5, state: "waiting" });
  });

  it("refuses before it takes in anything when the disk is nearly full", async () => {
    await spool.close();
    spool = await open(Number.MAX_SAFE_INTEGER);
    await expect(spool.begin()).rejects.toMatchObject({ code: "SPOOL_FULL" });
    expect(readdirSync(path.join(home, "incoming"))).toEqual([]);
  });

  it("lets no second gateway work from the same home", async () => {
    await expect(open()).rejects.toMatchObject({ code: "HOME_IN_USE" });
  });

  it("forgets what was settled before a time, and never what waits", async () => {
    const settled = await spool.add(image({ keys: ["sop:1"] }), Buffer.from("x"));
    await spool.settle([{ item: settled, outcome: "accepted" }]);
    const waiting = await spool.add(image({ keys: ["sop:2"] }), Buffer.from("x"));
    expect(await spool.ledger.forgetBefore(new Date(Date.now() + 1000))).toBe(1);
    expect(await spool.find("sop:1")).toBeUndefined();
    expect(await spool.find("sop:2")).toEqual(waiting);
  });
});
