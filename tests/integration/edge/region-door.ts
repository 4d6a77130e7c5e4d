import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as Ingest from "@weald/core/ingest";
import { type Ctx, type ErrorKind, WealdError } from "@weald/core/kernel";
import * as Operations from "@weald/core/operations";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import type { Region } from "@weald/dev-env/region";

type Procedure = (ctx: Ctx, input: never) => Promise<unknown>;

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  unavailable: 503,
};

const PROCEDURES: Record<string, Procedure> = {
  "ingest.beginUpload": Ingest.beginUpload,
  "ingest.signItems": Ingest.signItems,
  "ingest.readOutcomes": Ingest.readOutcomes,
  "operations.tellGateway": Operations.tellGateway,
  "procedure.recordStep": Study.recordStep,
  "worklist.listProcedures": Worklist.listProcedures,
  "worklist.listNeeded": Worklist.listNeeded,
  "study.recordEdgeLooks": Study.recordEdgeLooks,
};

export type RegionDoor = {
  url: string;
  /** Puts go this way instead of straight to the object store. */
  objectsThrough(url: string): void;
  close(): Promise<void>;
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The portal's API and the identity provider of a region in this process, as a gateway meets them: over HTTP. */
export async function regionDoor(region: Region): Promise<RegionDoor> {
  let objects = region.objectUrl;
  let draining: Promise<void> = Promise.resolve();

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const basic = Buffer.from(
      String(request.headers.authorization).slice("Basic ".length),
      "base64",
    ).toString();
    const [id = "", secret] = basic.split(":").map(decodeURIComponent);
    const scope = new URLSearchParams(await bodyOf(request)).get("scope") ?? "";
    if (secret !== `secret of ${id}`) return say(response, 401, { error: "invalid_client" });
    const organisation = id.split("-").at(-1) ?? "";
    const access = await region.tokenOf(
      region.ctxOf({ kind: "client", id, organisation, scopes: scope.split(" ") }),
    );
    say(response, 200, { access_token: access, expires_in: 3600 });
  }

  function ctxOf(request: IncomingMessage): Ctx | undefined {
    const bearer = String(request.headers.authorization ?? "").slice("Bearer ".length);
    if (!bearer) return undefined;
    const claims = JSON.parse(Buffer.from(bearer.split(".")[1] ?? "", "base64url").toString());
    const { client_id: id, org_code: organisation, scope } = claims;
    return region.ctxOf({ kind: "client", id, organisation, scopes: String(scope).split(" ") });
  }

  async function call(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ctx = ctxOf(request);
    const procedure = PROCEDURES[name];
    if (!ctx) return say(response, 401, { error: { message: "Sign in.", data: {} } });
    if (!procedure) return say(response, 404, { error: { message: "No such procedure.", data: {} } });
    const input = JSON.parse(await bodyOf(request)) as never;
    // The region works off what it has when somebody asks.
    if (name === "ingest.readOutcomes") {
      draining = draining.then(() => region.drain());
      await draining;
    }
    const text = JSON.stringify({ result: { data: await procedure(ctx, input) } });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(text.replaceAll(region.objectUrl, objects));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://region");
    if (pathname === "/token") return token(request, response);
    try {
      await call(pathname.replace("/api/trpc/", ""), request, response);
    } catch (error) {
      const isOurs = error instanceof WealdError;
      const data = isOurs ? { weald: { code: error.code } } : {};
      say(response, isOurs ? STATUS[error.kind] : 500, { error: { message: "refused", data } });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objectsThrough(url) {
      objects = url;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await draining;
    },
  };
}
