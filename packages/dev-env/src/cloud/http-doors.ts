import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { FunctionFailed } from "./function-host.ts";
import type { LocalCloud } from "./local-cloud.ts";
import type { Manifest } from "./manifest.ts";

/** Lambda takes and gives no more than this at once, envelope and all. */
const MOST_BYTES = 6 * 1024 * 1024;
const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

class TooLarge extends Error {}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

/** Lambda's Invoke API, for functions that call others. It binds to this machine; who calls proves itself by its token. */
export const createLambdaApi =
  (cloud: LocalCloud): RequestListener =>
  (request, response) => {
    const name = INVOKE.exec(request.url ?? "")?.[1];
    if (request.method !== "POST" || !name) return void json(response, 404, { message: "no such function" });
    const answer = async () => {
      const result = JSON.stringify(
        (await cloud.invoke(name, JSON.parse((await bodyOf(request)).toString("utf8")))) ?? null,
      );
      if (Buffer.byteLength(result) > MOST_BYTES)
        throw new FunctionFailed("THREW", "the answer is over 6 MB");
      response.writeHead(200, { "content-type": "application/json" }).end(result);
    };
    answer().catch((error: unknown) => {
      if (error instanceof TooLarge)
        return json(response, 413, { message: "Request must be smaller than 6291456 bytes" });
      return json(response, 200, { errorType: "Error" }, { "x-amz-function-error": "Unhandled" });
    });
  };

type Url = Manifest["urls"][number];

/** The event that a function URL makes of a request (payload format 2.0). */
function eventOf(request: IncomingMessage, body: Buffer) {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(",") : (value ?? ""),
      ]),
    ),
    requestContext: {
      accountId: "anonymous",
      apiId: "local",
      domainName: request.headers.host ?? "",
      domainPrefix: "local",
      http: {
        method: request.method ?? "GET",
        path: url.pathname,
        protocol: "HTTP/1.1",
        sourceIp: request.socket.remoteAddress ?? "",
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
    ...(body.length > 0 ? { body: body.toString("base64") } : {}),
    isBase64Encoded: body.length > 0,
  };
}

const Metadata = z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()).default({}) });
const METADATA_ENDS = Buffer.alloc(8);

/** What stands before the body of a streamed response. The rest of what was read is put back. */
async function metadataOf(stream: Readable): Promise<z.output<typeof Metadata>> {
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk: Buffer | null = stream.read();
    if (chunk) head = Buffer.concat([head, chunk]);
    const end = head.indexOf(METADATA_ENDS);
    if (end >= 0) {
      const rest = head.subarray(end + METADATA_ENDS.length);
      if (rest.length > 0) stream.unshift(rest);
      return Metadata.parse(JSON.parse(head.subarray(0, end).toString("utf8")));
    }
    if (chunk) continue;
    await new Promise<void>((resolve, reject) => {
      const done = (settle: () => void) => () => {
        stream.off("readable", onReadable).off("end", onEnd).off("error", onError);
        settle();
      };
      const onReadable = done(resolve);
      const onEnd = done(() => reject(new FunctionFailed("THREW", "ended before it answered")));
      const onError = (error: Error) => done(() => reject(error))();
      stream.once("readable", onReadable).once("end", onEnd).once("error", onError);
    });
  }
}

const Buffered = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
});

function answerBuffered(result: unknown, response: ServerResponse): void {
  const { statusCode, headers, body } = Buffered.parse(result);
  response.writeHead(statusCode, headers).end(body);
}

async function answerUrl(cloud: LocalCloud, url: Url, request: IncomingMessage, response: ServerResponse) {
  const said = Number(request.headers["content-length"] ?? 0);
  if (url.refusal && said > url.refusal.overBytes) {
    request.resume();
    response
      .writeHead(413, { "content-type": "application/json; charset=utf-8", connection: "close" })
      .end(url.refusal.body);
    return;
  }
  const event = eventOf(request, await bodyOf(request));
  if (!url.isStreaming) return answerBuffered(await cloud.invoke(url.function, event), response);
  const stream = await cloud.stream(url.function, event);
  // Whoever asked went away: the function stops, too.
  response.once("close", () => stream.destroy());
  const { statusCode, headers } = await metadataOf(stream);
  response.writeHead(statusCode, headers);
  await pipeline(stream, response);
}

/** The URLs of functions, as the router shows them, with what stands before them. */
export const createFunctionUrls =
  (cloud: LocalCloud): RequestListener =>
  (request, response) => {
    const url = cloud.urls.find(({ path }) => (request.url ?? "").startsWith(path));
    if (!url) return void json(response, 404, { message: "Not Found" });
    answerUrl(cloud, url, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      if (error instanceof TooLarge)
        return json(
          response,
          413,
          url.refusal ? JSON.parse(url.refusal.body) : { message: "Request Too Long" },
        );
      return json(response, 502, { message: "Internal Server Error" });
    });
  };
