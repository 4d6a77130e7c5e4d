import { pipeline, Readable } from "node:stream";
import { createGzip, gzipSync } from "node:zlib";
import type { DoorRequest, DoorResponse } from "./respond.ts";

const LEAST_BYTES = 1024;
const isJson = /^application\/(?:[\w.-]+\+)?json\b/;
const takesGzip = (accepted: string) =>
  accepted
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .some((coding) => /^(gzip|\*)(\s*;\s*q=(?!0(?:\.0*)?$)[\d.]+)?$/.test(coding));

function pack(body: NonNullable<DoorResponse["body"]>): DoorResponse["body"] {
  if (typeof body === "string" || body instanceof Uint8Array) return gzipSync(body);
  const gzip = createGzip();
  // What ends the source before its time ends what is packed too, with the same error for whoever reads it.
  pipeline(Readable.from(body), gzip, () => undefined);
  return gzip;
}

/** JSON goes out packed to whoever takes it; pixels are packed by their transfer syntax already. */
export function compressed(request: DoorRequest, response: DoorResponse): DoorResponse {
  const { body, headers } = response;
  if (body === undefined || !isJson.test(headers["content-type"] ?? "") || headers["content-encoding"])
    return response;
  const vary: Record<string, string> = {
    ...headers,
    vary: headers.vary ? `${headers.vary}, Accept-Encoding` : "Accept-Encoding",
  };
  const isSmall = (typeof body === "string" || body instanceof Uint8Array) && body.length < LEAST_BYTES;
  if (isSmall || !takesGzip(request.headers["accept-encoding"] ?? "")) return { ...response, headers: vary };
  const { "content-length": _unpacked, ...rest } = vary;
  return { ...response, headers: { ...rest, "content-encoding": "gzip" }, body: pack(body) };
}
