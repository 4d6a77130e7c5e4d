import type { DoorRequest } from "./respond.ts";

const HOST = /^[\w.-]+(:\d+)?$|^\[[\da-fA-F:]+\](:\d+)?$/;

/** Where the caller reaches the door: the router in front passes on the name by which it was asked. */
export function baseUrlOf({ headers }: DoorRequest): string {
  const host = headers["x-forwarded-host"] ?? headers.host ?? "";
  const protocol = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return HOST.test(host) ? `${protocol}://${host}/dicomweb` : "/dicomweb";
}
