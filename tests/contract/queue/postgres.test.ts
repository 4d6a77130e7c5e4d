import {
  closeQueues,
  createPostgresQueue,
  createQueueConsumer,
  ensureQueueSchema,
  type HeldMessage,
} from "@weald/adapters/queue/postgres";
import { createTestDatabase, type TestDatabase } from "@weald/dev-env/postgres";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const bodies = (messages: readonly HeldMessage[]) => messages.map(({ body }) => body).sort();
const LONG = 600;

describe("a queue in PostgreSQL", () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    // At once: two processes of a region may start together.
    await Promise.all([1, 2].map(() => ensureQueueSchema(database.ownerUrl)));
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await closeQueues(database.ownerUrl);
    await database.drop();
  });
  beforeEach(() => client.query("TRUNCATE cloud.message, cloud.pause"));

  const queue = (name = "Arrivals") => createPostgresQueue({ name, connectionString: database.ownerUrl });
  const consumer = () => createQueueConsumer(database.ownerUrl);
  const send = (...texts: string[]) => queue().send(texts.map((body) => ({ body })));
  /** As if so much time had passed. */
  const later = (seconds: number) =>
    client.query("UPDATE cloud.message SET visible_at = visible_at - make_interval(secs => $1)", [seconds]);

  it("hands out what was sent, once for as long as it is held", async () => {
    await send("a", "b", "c");
    const held = await consumer().receive("Arrivals", 10, LONG);
    expect(bodies(held)).toEqual(["a", "b", "c"]);
    expect(held.every(({ receives }) => receives === 1)).toBe(true);
    expect(await consumer().receive("Arrivals", 10, LONG)).toEqual([]);
  });

  it("takes a batch of none, of many, and any text", async () => {
    await queue().send([]);
    const texts = Array.from({ length: 2_500 }, (_, index) => `${index}'"\\{},é木\n`);
    await queue().send(texts.map((body) => ({ body })));
    const held = await consumer().receive("Arrivals", 5_000, LONG);
    expect(bodies(held)).toEqual(texts.sort());
  });

  it("gives again what nobody deleted in its time, and counts", async () => {
    await send("again");
    const [first] = await consumer().receive("Arrivals", 1, 30);
    await later(31);
    const [second] = await consumer().receive("Arrivals", 1, 30);
    expect(second).toMatchObject({ id: first?.id, receives: 2, firstReceivedAt: first?.firstReceivedAt });
    expect(second?.receipt).not.toBe(first?.receipt);
  });

  it("a consumer whose time was over deletes nothing that another holds", async () => {
    await send("slow");
    const slow = await consumer().receive("Arrivals", 1, 30);
    await later(31);
    const next = await consumer().receive("Arrivals", 1, 30);
    await consumer().delete(slow);
    expect((await consumer().depths())[0]).toMatchObject({ waiting: 1 });
    await consumer().delete(next);
    expect(await consumer().depths()).toEqual([]);
  });

  it("a consumer whose time was over neither gives back nor buries what another holds", async () => {
    await send("slow");
    const slow = await consumer().receive("Arrivals", 1, 30);
    await later(31);
    const next = await consumer().receive("Arrivals", 1, LONG);
    await consumer().release(slow, 0);
    await consumer().moveToDeadLetters(slow, "ArrivalsDeadLetters");
    expect(await consumer().receive("Arrivals", 1, LONG)).toEqual([]);
    await consumer().delete(next);
    expect(await consumer().depths()).toEqual([]);
  });

  it("gives back what failed after its wait, not before", async () => {
    await send("failed");
    await consumer().release(await consumer().receive("Arrivals", 1, LONG), 8);
    expect(await consumer().receive("Arrivals", 1, LONG)).toEqual([]);
    await later(9);
    expect(await consumer().receive("Arrivals", 1, LONG)).toMatchObject([{ body: "failed", receives: 2 }]);
  });

  it("twelve consumers at once hand each message to one of them and wait for none", async () => {
    const texts = Array.from({ length: 600 }, (_, index) => String(index));
    await send(...texts);
    const taken: string[] = [];
    async function take(): Promise<void> {
      for (;;) {
        const held = await consumer().receive("Arrivals", 7, LONG);
        if (held.length === 0) return;
        taken.push(...held.map(({ body }) => body));
        await consumer().delete(held);
      }
    }
    await Promise.all(Array.from({ length: 12 }, take));
    expect(taken.sort()).toEqual(texts.sort());
    expect(await consumer().depths()).toEqual([]);
  });

  it("hands out others while one is locked by a transaction that lasts", async () => {
    await send("locked", "free");
    await client.query("BEGIN");
    await client.query("SELECT 1 FROM cloud.message WHERE body = 'locked' FOR UPDATE");
    try {
      expect(bodies(await consumer().receive("Arrivals", 10, LONG))).toEqual(["free"]);
    } finally {
      await client.query("ROLLBACK");
    }
    expect(bodies(await consumer().receive("Arrivals", 10, LONG))).toEqual(["locked"]);
  });

  it("a dead letter leaves its queue for the other, and can be read there from the beginning", async () => {
    await send("dead", "well");
    const held = await consumer().receive("Arrivals", 2, LONG);
    await consumer().moveToDeadLetters(
      held.filter(({ body }) => body === "dead"),
      "ArrivalsDeadLetters",
    );
    expect(bodies(await consumer().receive("ArrivalsDeadLetters", 10, LONG))).toEqual(["dead"]);
    expect((await consumer().depths()).map(({ queue, waiting }) => [queue, waiting])).toEqual([
      ["Arrivals", 1],
      ["ArrivalsDeadLetters", 1],
    ]);
  });

  it("what a killed process held is there at once when the region starts again", async () => {
    await send("held");
    await consumer().receive("Arrivals", 1, LONG);
    await consumer().releaseAll();
    expect(await consumer().receive("Arrivals", 1, LONG)).toMatchObject([{ body: "held", receives: 2 }]);
  });

  it("while paused hands nothing out, loses nothing, and goes on after it", async () => {
    await consumer().pause(60);
    await send("kept");
    expect(await consumer().receive("Arrivals", 1, LONG)).toEqual([]);
    await consumer().resume();
    expect(bodies(await consumer().receive("Arrivals", 1, LONG))).toEqual(["kept"]);
  });

  it("queues don't mix", async () => {
    await send("arrival");
    await queue("Facts").send([{ body: "fact" }]);
    expect(bodies(await consumer().receive("Facts", 10, LONG))).toEqual(["fact"]);
    expect(bodies(await consumer().receive("Arrivals", 10, LONG))).toEqual(["arrival"]);
  });

  it("says so when it can't be reached, and sends all of a batch or none", async () => {
    const away = createPostgresQueue({ name: "A", connectionString: "postgresql://x@127.0.0.1:1/none" });
    await expect(away.send([{ body: "x" }])).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    await closeQueues("postgresql://x@127.0.0.1:1/none");
    await expect(send("fine", "\u0000")).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    expect(await consumer().depths()).toEqual([]);
  });
});
