import "server-only";
import { settings } from "./settings.ts";

/** A browser says where a POST comes from; our scripts send a bearer token and no Origin. */
export function isSameOrigin(request: Request): boolean {
  if (request.headers.get("authorization")) return true;
  const origin = request.headers.get("origin");
  return (
    origin === new URL(settings().portalUrl).origin || request.headers.get("sec-fetch-site") === "same-origin"
  );
}
