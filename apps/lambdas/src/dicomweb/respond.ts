import type { ErrorKind } from "@weald/core/kernel";
import type { Asked, Refused } from "./asked.ts";

/** One request as the door sees it. `path` is decoded and starts below `/dicomweb`; header names are lower case. */
export type DoorRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array | undefined;
  source?: Asked["source"];
};

export type DoorResponse = {
  status: number;
  headers: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
};

/** @see RFC 9110 §15; DICOM PS3.18 §8.5 (status codes) */
export const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unsupported: 406,
  too_large: 413,
  unavailable: 503,
};

/** A refusal that a person and a program can read. */
export const refusal = (status: number, { code, message }: Omit<Refused, "kind">): DoorResponse => ({
  status,
  headers: {
    "content-type": "application/json; charset=utf-8",
    ...(status === 401 ? { "www-authenticate": 'Bearer realm="Weald", error="invalid_token"' } : {}),
    ...(status === 503 ? { "retry-after": "5" } : {}),
  },
  body: `${JSON.stringify({ code, message })}\n`,
});
