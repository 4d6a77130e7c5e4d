import type { DoorRequest, DoorResponse } from "./respond.ts";

const METHODS = "GET, HEAD, POST, OPTIONS";
const HEADERS =
  "Accept, Accept-Charset, Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range";
const EXPOSED =
  "Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Location, Content-Range, ETag, Location, Retry-After, Warning, WWW-Authenticate";

/** What a registered viewer's pages may do here. Named origins alone: bearer tokens travel, cookies never. */
export function corsHeaders(origins: readonly string[], { headers }: DoorRequest): Record<string, string> {
  const { origin } = headers;
  const vary = { vary: "Origin" };
  if (!origin || !origins.includes(origin)) return vary;
  return { ...vary, "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED };
}

export const isPreflight = ({ method, headers }: DoorRequest): boolean =>
  method === "OPTIONS" &&
  headers.origin !== undefined &&
  headers["access-control-request-method"] !== undefined;

/** A browser asks without a token, and learns nothing but whether its page may ask at all. */
export function preflight(origins: readonly string[], request: DoorRequest): DoorResponse {
  const cors = corsHeaders(origins, request);
  const isRegistered = "access-control-allow-origin" in cors;
  return {
    status: 204,
    headers: {
      ...cors,
      ...(isRegistered
        ? {
            "access-control-allow-methods": METHODS,
            "access-control-allow-headers": HEADERS,
            "access-control-max-age": "600",
          }
        : {}),
    },
  };
}
