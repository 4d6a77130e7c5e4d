import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSqsQueue } from "@weald/adapters/queue/sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";

const Batch = z.object({
  QueueUrl: z.string(),
  Entries: z
    .array(z.object({ Id: z.string(), MessageBody: z.string() }))
    .min(1)
    .max(10),
});

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** Which messages of a batch a stand-in refuses. */
type Refuses = (body: string, attempt: number) => boolean;

/** SendMessageBatch of SQS's JSON protocol, and no more: it says nothing of SQS itself. */
function sqsStandIn() {
  const requests: string[][] = [];
  const kept: string[] = [];
  const attempts = new Map<string, number>();
  let refuses: Refuses = () => false;
  const server: Server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    expect(request.headers["x-amz-target"]).toBe("AmazonSQS.SendMessageBatch");
    const { Entries } = Batch.parse(JSON.parse(text));
    requests.push(Entries.map(({ MessageBody }) => MessageBody));
    const outcomes = Entries.map(({ Id, MessageBody }) => {
      const attempt = (attempts.get(MessageBody) ?? 0) + 1;
      attempts.set(MessageBody, attempt);
      return { Id, MessageBody, isRefused: refuses(MessageBody, attempt) };
    });
    kept.push(...outcomes.filter(({ isRefused }) => !isRefused).map(({ MessageBody }) => MessageBody));
    const answer = {
      Successful: outcomes
        .filter(({ isRefused }) => !isRefused)
        .map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
      Failed: outcomes
        .filter(({ isRefused }) => isRefused)
        .map(({ Id }) => ({ Id, Code: "ServiceUnavailable", SenderFault: false })),
    };
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer));
  });
  return {
    server,
    requests,
    kept,
    refuse: (which: Refuses) => {
      refuses = which;
    },
    clear() {
      requests.length = 0;
      kept.length = 0;
      attempts.clear();
      refuses = () => false;
    },
  };
}

describe("a queue on SQS, by a stand-in for its SendMessageBatch (not SQS itself)", () => {
  const standIn = sqsStandIn();
  let url = "";
  beforeAll(async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "stand-in");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "stand-in");
    await new Promise<void>((resolve) => standIn.server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(standIn.server.address() as AddressInfo).port}/000000000000/Arrivals`;
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    standIn.server.closeAllConnections();
    await new Promise((resolve) => standIn.server.close(resolve));
  });
  beforeEach(() => standIn.clear());

  const queue = () => createSqsQueue({ name: "Arrivals", url, region: "eu-west-2" });
  const texts = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
  const send = (bodies: readonly string[]) => queue().send(bodies.map((body) => ({ body })));

  it("sends in batches of at most ten, and nothing for nothing", async () => {
    await send([]);
    expect(standIn.requests).toEqual([]);
    await send(texts(23));
    expect(standIn.requests.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(standIn.kept).toEqual(texts(23));
  });

  it("sends again only what a batch refused", async () => {
    standIn.refuse((body, attempt) => ["m2", "m7"].includes(body) && attempt === 1);
    await send(texts(10));
    expect(standIn.requests).toEqual([texts(10), ["m2", "m7"]]);
    expect([...standIn.kept].sort()).toEqual(texts(10));
  });

  it("what is refused for good is an error, never an omission", async () => {
    standIn.refuse((body) => body === "m4");
    await expect(send(texts(10))).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    expect(standIn.requests).toEqual([texts(10), ["m4"], ["m4"]]);
  });

  it("says so when it can't be reached", async () => {
    const away = createSqsQueue({ name: "A", url: "http://127.0.0.1:1/0/A", region: "eu-west-2" });
    await expect(away.send([{ body: "x" }])).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
  });
});
