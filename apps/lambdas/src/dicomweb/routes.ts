import type { Front } from "@weald/adapters/front";
import { tellCapabilities } from "./capabilities.ts";
import { compressed } from "./compress.ts";
import { corsHeaders, isPreflight, preflight } from "./cors.ts";
import { type Door, DoorRefused, doorFor } from "./door.ts";
import {
  INSTANCES_PATH,
  queryInstances,
  querySeries,
  queryStudies,
  SERIES_PATH,
  STUDIES_PATH,
} from "./query.ts";
import { type DoorRequest, type DoorResponse, refusal } from "./respond.ts";
import { retrieve } from "./retrieve.ts";
import { RETRIEVE_PATH } from "./retrieve-target.ts";
import { STORE_PATH, store } from "./store.ts";

type Route = (door: Door, request: DoorRequest) => Promise<DoorResponse>;

const BASE_PATH = /^\/?$/;

/** Method and path of each transaction (PS3.18 §10), first match wins. HEAD is asked as GET. */
export const ROUTES: readonly { method: string; path: RegExp; answer: Route }[] = [
  { method: "OPTIONS", path: BASE_PATH, answer: tellCapabilities },
  { method: "GET", path: BASE_PATH, answer: tellCapabilities },
  { method: "POST", path: STORE_PATH, answer: store },
  { method: "GET", path: STUDIES_PATH, answer: queryStudies },
  { method: "GET", path: SERIES_PATH, answer: querySeries },
  { method: "GET", path: INSTANCES_PATH, answer: queryInstances },
  { method: "GET", path: RETRIEVE_PATH, answer: retrieve },
];

/** Transactions of the standard that this region doesn't have. */
const NOT_BUILT: readonly { path: RegExp; method?: string; message: string }[] = [
  {
    path: /^(?:\/[A-Z0-9]{3,6})?\/(?:workitems|modality-scheduled-procedure-steps|modality-performed-procedure-steps)(?:\/|$)/,
    message: "The worklist service (UPS-RS) is not built yet.",
  },
  {
    path: /^(?:\/[A-Z0-9]{3,6})?\/(?:studies|series|instances)(?:\/|$)/,
    method: "DELETE",
    message: "Nothing is deleted here. A PACS manager rejects what is wrong, with a reason, in the portal.",
  },
  { path: /^\/(?:npi|storage-commitments|notifications)(?:\/|$)/, message: "This service is not built yet." },
];

function allowedAt(path: string): string | undefined {
  const methods = ROUTES.filter((route) => route.path.test(path)).map(({ method }) => method);
  if (methods.length === 0) return undefined;
  const withHead = methods.includes("GET") ? ["HEAD"] : [];
  return [...new Set([...methods, ...withHead, "OPTIONS"])].join(", ");
}

const notAnswered: Route = async (door, { method, path }) => {
  // Without a token nobody learns what is here.
  await door.ask("organisation.list", {});
  const notBuilt = NOT_BUILT.find((one) => one.path.test(path) && (one.method ?? method) === method);
  if (notBuilt) return refusal(501, { code: "NOT_IMPLEMENTED", message: notBuilt.message });
  const allow = allowedAt(path);
  if (allow && method === "OPTIONS") return { status: 204, headers: { allow } };
  if (allow) {
    const said = refusal(405, {
      code: "METHOD_NOT_ALLOWED",
      message: `This path takes ${allow}, not ${method}.`,
    });
    return { ...said, headers: { ...said.headers, allow } };
  }
  return refusal(404, { code: "NO_SUCH_RESOURCE", message: `There is nothing at this path: ${path}` });
};

/** Never throws: what went wrong is a response. */
async function answerRouted(front: Front, request: DoorRequest): Promise<DoorResponse> {
  const door = doorFor(front, request.headers.authorization ?? null, request.source);
  const route = ROUTES.find(({ method, path }) => method === request.method && path.test(request.path));
  try {
    return await (route?.answer ?? notAnswered)(door, request);
  } catch (error) {
    if (error instanceof DoorRefused) return refusal(error.status, error.refused);
    return refusal(503, { code: "UNAVAILABLE", message: "The region can't answer just now. Try again." });
  }
}

const vary = (...fields: (string | undefined)[]) => ({ vary: fields.filter(Boolean).join(", ") });

/** Answers one DICOMweb request. */
export async function answerRequest(front: Front, request: DoorRequest): Promise<DoorResponse> {
  if (isPreflight(request)) return preflight(front.viewerOrigins, request);
  const isHead = request.method === "HEAD";
  const answered = await answerRouted(front, isHead ? { ...request, method: "GET" } : request);
  const { body, ...response } = compressed(request, answered);
  const cors = corsHeaders(front.viewerOrigins, request);
  const headers = { ...response.headers, ...cors, ...vary(response.headers.vary, cors.vary) };
  return isHead || body === undefined ? { ...response, headers } : { ...response, headers, body };
}
