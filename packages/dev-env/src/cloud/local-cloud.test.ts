import { closeQueues, ensureQueueSchema } from "@weald/adapters/queue/postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../postgres/index.ts";
import { createLocalCloud } from "./local-cloud.ts";
import { readManifest } from "./manifest.ts";

describe("the timers of the local cloud", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await ensureQueueSchema(database.ownerUrl);
  });
  afterAll(async () => {
    await closeQueues(database.ownerUrl);
    await database.drop();
  });
  afterEach(() => vi.useRealTimers());

  it("begin one after the other, all within half a minute, and come again as often as each says", async () => {
    const asked: string[] = [];
    const cloud = createLocalCloud({
      manifest: { ...readManifest(), subscriptions: [] },
      queueUrl: database.ownerUrl,
      send: async () => {},
      host: ({ id }) => ({
        invoke: async () => asked.push(id),
        stream: () => Promise.reject(new Error("nobody reads")),
        stop: async () => {},
      }),
    });
    const { schedules } = readManifest();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await cloud.start();
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([schedules[0]?.function]);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.length).toBeLessThan(schedules.length - 3);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(asked).toEqual(schedules.map((one) => one.function));
    await vi.advanceTimersByTimeAsync(60_000);
    const again = schedules.filter(({ expression }) => expression === "rate(1 minute)");
    expect(asked.slice(schedules.length)).toEqual(again.map((one) => one.function));
    await cloud.stop();
  });
});
