import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { DicomError, readStoreRequest, type StoreResult, storeResponse } from "@weald/dicom";
import type { EdgeConfig } from "../config.ts";
import type { Item, Spool } from "../ledger/index.ts";
import type { Log } from "../log.ts";
import type { HttpDoor } from "../page/listen-http.ts";
import { bearerCheck, type Sender } from "./bearer.ts";
import { type ReceivedPart, receivePart } from "./receive-parts.ts";

const PATH = /^\/dicomweb\/studies(?:\/(?<study>[0-9][0-9.]{0,63}))?\/?(?:\?.*)?$/;
/** What a packed request may unpack to. */
const MOST_UNPACKED_BYTES = 4 * 1024 ** 3;
const ASK_EVERY_MS = 200;

export type StowOptions = {
  config: EdgeConfig;
  spool: Spool;
  log: Log;
};

const SIGN_IN = {
  code: "TOKEN_INVALID",
  message: "Send a bearer token of a registered client of the region's identity provider.",
};
const NOT_YOURS = {
  code: "ACCESS_DENIED",
  message: "This gateway takes objects from clients of its own trust that may send (scope inbox.write).",
};
const ON_ITS_WAY = {
  outcome: "on-its-way",
  code: "ON_ITS_WAY",
  message: "The object is safely at the gateway, which sends it on. It need not be sent again.",
} as const;
const PREAMBLE_CLEARED = {
  outcome: "changed",
  code: "PREAMBLE_CLEARED",
  message: "What stood before the object might be a program. It is cleared, and kept in the index.",
} as const;
const KEPT_AS_ALTERNATE = {
  outcome: "changed",
  code: "KEPT_AS_ALTERNATE",
  message: "Another version of this object was here before and is served. This one is kept beside it.",
} as const;

const UNSUPPORTED_MEDIA = 415;

function refuse(
  response: ServerResponse,
  status: number,
  said: { code: string; message: string },
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", connection: "close", ...headers })
    .end(`${JSON.stringify(said)}\n`);
}

function outcomeOf({ outcome, code }: Item, clearsPreamble: boolean): Omit<StoreResult, "name"> {
  if (outcome === undefined) return ON_ITS_WAY;
  if (outcome === "quarantined" || outcome === "skipped")
    return {
      outcome: "failed",
      code,
      message: "The region has put this object aside, for a person to look at.",
    };
  if (outcome === "alternate") return KEPT_AS_ALTERNATE;
  return clearsPreamble ? PREAMBLE_CLEARED : { outcome: "stored" };
}

/** Waits while the region takes in what was kept; with the line down the answer says that it is on its way. */
async function settledIn(spool: Spool, ids: readonly string[], waitMs: number): Promise<Map<string, Item>> {
  const known = new Map<string, Item>();
  const until = Date.now() + waitMs;
  for (;;) {
    for (const id of ids) {
      if (known.get(id)?.outcome) continue;
      const item = await spool.ledger.read(id);
      if (item) known.set(id, item);
    }
    const isDone = ids.every((id) => known.get(id)?.outcome !== undefined);
    if (isDone || Date.now() >= until) return known;
    await wait(ASK_EVERY_MS);
  }
}

async function resultsOf(
  spool: Spool,
  received: readonly ReceivedPart[],
  waitMs: number,
): Promise<StoreResult[]> {
  const ids = received.flatMap((part) => ("kept" in part ? [part.kept.id] : []));
  const items = await settledIn(spool, ids, waitMs);
  return received.map((part) => {
    if ("failed" in part) return part.failed;
    const { kept, name, clearsPreamble } = part;
    return { name, ...outcomeOf(items.get(kept.id) ?? kept, clearsPreamble) };
  });
}

const NO_NAME = {
  sopClassUid: undefined,
  sopInstanceUid: undefined,
  studyInstanceUid: undefined,
  seriesInstanceUid: undefined,
};

/** What was kept before a request broke off stays kept: the break is one more line of the answer. */
async function receiveAll(
  request: IncomingMessage,
  { config, spool }: StowOptions,
  { sender, study }: { sender: Sender; study: string | undefined },
): Promise<ReceivedPart[]> {
  const head = {
    contentType: request.headers["content-type"],
    contentEncoding: request.headers["content-encoding"],
  };
  const parts = readStoreRequest(head, request, MOST_UNPACKED_BYTES);
  const received: ReceivedPart[] = [];
  try {
    for await (const part of parts)
      received.push(await receivePart(part, { spool, config, clientId: sender.clientId, study }));
  } catch (error) {
    if (!(error instanceof DicomError) || received.length === 0) throw error;
    const { code, message } = error;
    received.push({ failed: { name: NO_NAME, outcome: "failed", code, message } });
  }
  return received;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: Checked): Promise<void> {
  const { config, spool, log, check } = options;
  const sender = await check(request.headers.authorization);
  if (sender === undefined)
    return refuse(response, 401, SIGN_IN, {
      "www-authenticate": 'Bearer realm="Weald gateway", error="invalid_token"',
    });
  if (sender === "refused") return refuse(response, 403, NOT_YOURS);
  const study = PATH.exec(request.url ?? "")?.groups?.study;
  const received = await receiveAll(request, options, { sender, study });
  if (received.length === 0)
    return refuse(response, 400, { code: "NOTHING_SENT", message: "The request holds no object." });
  const results = await resultsOf(spool, received, config.stowWaitSeconds * 1000);
  const { status, dataset } = storeResponse(config.region.dicomwebUrl ?? "/dicomweb", results);
  const waiting = results.filter(({ outcome }) => outcome === "on-its-way").length;
  log({ level: "info", event: "stow.answered", status, objects: results.length, waiting });
  response
    .writeHead(status, {
      "content-type": "application/dicom+json",
      ...(waiting > 0 ? { warning: `299 weald-gateway "${waiting} safely received, and on the way."` } : {}),
    })
    .end(`${JSON.stringify(dataset)}\n`);
}

type Checked = StowOptions & { check: ReturnType<typeof bearerCheck> };

function failed(error: unknown, response: ServerResponse, log: Log): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof DicomError) {
    const { kind, code, message } = error;
    const status = kind === "unsupported" ? UNSUPPORTED_MEDIA : kind === "too_large" ? 413 : 400;
    refuse(response, status, { code, message });
    return;
  }
  log({ level: "error", event: "stow.failed", why: error instanceof Error ? error.name : "" });
  refuse(response, 503, {
    code: "UNAVAILABLE",
    message: "The gateway can't take this in just now. Send it again.",
  });
}

/**
 * STOW-RS at the gateway, for what is too large for the region's own door: each object goes to the spool as it comes, and
 * is sent on like what a scanner sent.
 *
 * @see DICOM PS3.18 §10.5
 */
export function stowDoor(options: StowOptions): HttpDoor {
  const { issuer, portalUrl } = options.config.region;
  const check = bearerCheck({ issuer, audience: portalUrl, trust: options.config.trust });
  return (request, response) => {
    if (request.method !== "POST" || !PATH.test(request.url ?? "")) return false;
    answer(request, response, { ...options, check })
      .catch((error: unknown) => failed(error, response, options.log))
      // What nobody will read must not hold the line.
      .finally(() => request.resume());
    return true;
  };
}
