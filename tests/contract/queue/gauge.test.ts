import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { closeQueues, createPostgresQueue, ensureQueueSchema } from "@weald/adapters/queue/postgres";
import { createPostgresGauge } from "@weald/adapters/queue/postgres-gauge";
import { createSqsGauge } from "@weald/adapters/queue/sqs-gauge";
import type { QueueGauge } from "@weald/core/ports";
import { createTestDatabase, type TestDatabase } from "@weald/dev-env/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

const NAMES = ["Arrivals", "ArrivalsDeadLetters", "Facts"] as const;

/** Three wait in one queue, one of them worked on; one in another; the third is empty. */
const STAND = [
  { queue: "Arrivals", waiting: 3, oldestSeconds: 120 },
  { queue: "ArrivalsDeadLetters", waiting: 1, oldestSeconds: 30 },
  { queue: "Facts", waiting: 0, oldestSeconds: undefined },
];

/** What each gauge tells of the same stand: an age may be some seconds more, a queue is never left out. */
async function expectStand(gauge: QueueGauge): Promise<void> {
  const told = await gauge.depths();
  expect(told.map(({ queue, waiting }) => ({ queue, waiting }))).toEqual(
    STAND.map(({ queue, waiting }) => ({ queue, waiting })),
  );
  for (const [index, { oldestSeconds }] of STAND.entries()) {
    const age = told[index]?.oldestSeconds;
    if (oldestSeconds === undefined) expect(age).toBeUndefined();
    else expect(Math.abs((age ?? 0) - oldestSeconds)).toBeLessThan(20);
  }
}

describe("how queues in PostgreSQL stand", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await ensureQueueSchema(database.ownerUrl);
    for (const { queue, waiting } of STAND)
      await createPostgresQueue({ name: queue, connectionString: database.ownerUrl }).send(
        Array.from({ length: waiting }, () => ({ body: "{}" })),
      );
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    for (const { queue, oldestSeconds } of STAND)
      await client.query(
        `UPDATE cloud.message SET sent_at = now() - make_interval(secs => $2), receipt = gen_random_uuid(), visible_at = now() + interval '1 hour'
         WHERE id = (SELECT id FROM cloud.message WHERE queue = $1 LIMIT 1)`,
        [queue, oldestSeconds ?? 0],
      );
    await client.end();
  });
  afterAll(async () => {
    await closeQueues(database.ownerUrl);
    await database.drop();
  });

  it("is told of each queue, also an empty one", () =>
    expectStand(createPostgresGauge(database.ownerUrl, NAMES)));

  it("can't be asked where the database is away", async () => {
    const nowhere = "postgresql://postgres@127.0.0.1:1/weald";
    await expect(createPostgresGauge(nowhere, NAMES).depths()).rejects.toMatchObject({
      code: "QUEUE_UNAVAILABLE",
    });
    await closeQueues(nowhere);
  });
});

const Attributes = z.object({ QueueUrl: z.string() });
const Metrics = z.object({
  MetricDataQueries: z.array(
    z.object({
      Id: z.string(),
      MetricStat: z.object({
        Metric: z.object({
          MetricName: z.literal("ApproximateAgeOfOldestMessage"),
          Dimensions: z.array(z.object({ Name: z.literal("QueueName"), Value: z.string() })),
        }),
      }),
    }),
  ),
});
const standOf = (name: string | undefined) => STAND.find(({ queue }) => queue === name);

/** GetQueueAttributes and GetMetricData in the JSON protocol, and no more: it says nothing of AWS itself. */
function answerOf(target: string, text: string): object {
  if (target === "AmazonSQS.GetQueueAttributes") {
    const { QueueUrl } = Attributes.parse(JSON.parse(text));
    const waiting = standOf(QueueUrl.split("/").at(-1))?.waiting ?? 0;
    const held = Math.min(1, waiting);
    return {
      Attributes: {
        ApproximateNumberOfMessages: String(waiting - held),
        ApproximateNumberOfMessagesNotVisible: String(held),
      },
    };
  }
  expect(target).toBe("GraniteServiceVersion20100801.GetMetricData");
  const { MetricDataQueries } = Metrics.parse(JSON.parse(text));
  const results = MetricDataQueries.map(({ Id, MetricStat }) => {
    const age = standOf(MetricStat.Metric.Dimensions[0]?.Value)?.oldestSeconds;
    return { Id, StatusCode: "Complete", Timestamps: [], Values: age === undefined ? [0] : [age, 9999] };
  });
  // In no promised order.
  return { MetricDataResults: results.reverse() };
}

describe("how queues on SQS stand, by a stand-in (not AWS itself)", () => {
  let isIll = false;
  const server: Server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    if (isIll) return response.writeHead(400).end("{}");
    const answer = answerOf(String(request.headers["x-amz-target"]), text);
    return response
      .writeHead(200, { "content-type": "application/x-amz-json-1.0" })
      .end(JSON.stringify(answer));
  });
  let gauge: QueueGauge;
  beforeAll(async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "stand-in");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "stand-in");
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const urls = Object.fromEntries(NAMES.map((name) => [name, `${endpoint}/000000000000/${name}`]));
    gauge = createSqsGauge({ region: "eu-west-2", urls, endpoint });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("is told of each queue, also an empty one, with the newest age", () => expectStand(gauge));

  it("can't be asked where AWS refuses", async () => {
    isIll = true;
    await expect(gauge.depths()).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
  });
});
