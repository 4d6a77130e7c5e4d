import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type CrashPoint, type ErrorKind, WealdError } from "@weald/core/kernel";
import send from "send";
import type { FileObjectStore } from "./file.ts";
import { type UrlGrant, verifyUrl } from "./url-signature.ts";

export type PutEvent = { bucket: string; key: string; sizeBytes: number; etag: string };

export type FileGatewayOptions = {
  stores: readonly FileObjectStore[];
  /** Origins of portals that read and write from the browser. */
  allowedOrigins: readonly string[];
  /** Awaited before the answer. If it throws the object is durable all the same: the sweep tells of it later. */
  onPut?: (event: PutEvent) => Promise<void>;
  /** `false`: the disk is nearly full, and what is here already needs the rest. */
  hasRoom?: () => boolean;
  log?: (line: { level: "warn" | "error"; event: string; why: string }) => void;
  now?: () => Date;
  /** The crash test's. */
  crashPoint?: (name: CrashPoint) => void;
};

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 412,
  unsupported: 415,
  too_large: 413,
  unavailable: 503,
};

function refuse(response: ServerResponse, status: number, code: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "text/plain", connection: "close" }).end(code);
}

/** Errors carry these headers too, or a browser reads a refusal as a network error. */
function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: readonly string[],
): boolean {
  const { origin } = request.headers;
  response.setHeader("vary", "Origin");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cross-origin-resource-policy", "cross-origin");
  if (!origin || !allowed.includes(origin)) return false;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", "ETag,Content-Range,Accept-Ranges,Content-Length");
  return true;
}

function preflight(response: ServerResponse, isAllowed: boolean): void {
  if (!isAllowed) {
    refuse(response, 403, "ORIGIN_REFUSED");
    return;
  }
  response.writeHead(204, {
    "access-control-allow-methods": "GET,HEAD,PUT",
    "access-control-allow-headers": "content-type,range,if-none-match",
    "access-control-max-age": "600",
  });
  response.end();
}

async function take(store: FileObjectStore, grant: UrlGrant, request: IncomingMessage): Promise<PutEvent> {
  const { key, sizeBytes = 0, contentType = "" } = grant;
  const object = await store.put(key, request, { contentType, sizeBytes, ifAbsent: true });
  return { bucket: store.bucket, key, sizeBytes: object.sizeBytes, etag: object.etag };
}

/** The file object store over HTTP: signed GET (with ranges) and signed PUT, nothing else. */
export function createFileGateway(options: FileGatewayOptions): RequestListener {
  const stores = new Map(options.stores.map((store) => [store.bucket, store]));
  const now = options.now ?? (() => new Date());
  const log = options.log ?? (() => {});

  async function put(
    store: FileObjectStore,
    grant: UrlGrant,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const stated = request.headers["content-length"];
    if (stated === undefined) return refuse(response, 411, "LENGTH_REQUIRED");
    if (Number(stated) !== grant.sizeBytes) return refuse(response, 400, "SIZE_NOT_AS_SIGNED");
    if (request.headers["content-type"] !== grant.contentType)
      return refuse(response, 400, "TYPE_NOT_AS_SIGNED");
    if (options.hasRoom?.() === false) return refuse(response, 503, "DISK_LOW");
    const event = await take(store, grant, request);
    options.crashPoint?.("after-inbox-put");
    await options
      .onPut?.(event)
      .catch((error: unknown) => log({ level: "warn", event: "gateway.put-not-told", why: String(error) }));
    response.writeHead(200, { etag: `"${event.etag}"` }).end();
  }

  async function get(
    store: FileObjectStore,
    grant: UrlGrant,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const found = await store.locate(grant.key);
    if (!found) return refuse(response, 404, "OBJECT_NOT_FOUND");
    const seconds = Math.max(0, Math.floor(grant.untilSeconds - now().getTime() / 1000));
    response.setHeader("etag", `"${found.record.etag}"`);
    response.setHeader("content-type", grant.contentType ?? found.record.contentType);
    response.setHeader("last-modified", new Date(found.record.modifiedAt).toUTCString());
    response.setHeader("cache-control", `private, max-age=${seconds}`);
    response.setHeader(
      "content-disposition",
      `attachment${grant.downloadName ? `; filename="${grant.downloadName.replace(/[^\w.-]/g, "_")}"` : ""}`,
    );
    // `send` answers 304 only without no-cache, which a browser's reload adds.
    delete request.headers["cache-control"];
    delete request.headers.pragma;
    const relative = found.blobPath.slice(store.blobRoot.length);
    send(request, relative, {
      root: store.blobRoot,
      etag: false,
      lastModified: false,
      cacheControl: false,
      dotfiles: "allow",
    })
      .on("error", (error: Error & { status?: number; headers?: Record<string, string> }) => {
        for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value);
        refuse(response, error.status ?? 500, "READ_FAILED");
      })
      .pipe(response);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isAllowed = allowOrigin(request, response, options.allowedOrigins);
    if (request.method === "OPTIONS") return preflight(response, isAllowed);
    const url = new URL(request.url ?? "/", "http://store");
    const store = stores.get(url.pathname.split("/")[1] ?? "");
    const grant = store && verifyUrl(store.secret, url, now());
    if (!grant || (request.method !== grant.method && !(request.method === "HEAD" && grant.method === "GET")))
      return refuse(response, 403, "FORBIDDEN");
    return grant.method === "PUT"
      ? put(store, grant, request, response)
      : get(store, grant, request, response);
  }

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      const isOurs = error instanceof WealdError;
      if (!isOurs)
        log({
          level: "error",
          event: "gateway.failed",
          why: error instanceof Error ? error.message : String(error),
        });
      refuse(response, isOurs ? STATUS[error.kind] : 500, isOurs ? error.code : "INTERNAL");
    });
  };
}
