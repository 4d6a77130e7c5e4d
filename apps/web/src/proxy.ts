import { type NextRequest, NextResponse } from "next/server";
import { securityPolicy } from "./server/security-policy.ts";

/** Each page gets a policy with a nonce of its own; scripts run from here alone, bytes come from the object store alone. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = securityPolicy(nonce, process.env.WEALD_OBJECT_URL ?? "", process.env.WEALD_ISSUER ?? "");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  headers.set("x-weald-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-frame-options", "DENY");
  response.headers.set("cache-control", "no-store");
  // Plain HTTP is this machine's alone: a browser that kept it would lock the local region out.
  if (process.env.WEALD_PORTAL_URL?.startsWith("https:"))
    response.headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
  return response;
}

export const config = { matcher: ["/((?!_next/static|_next/image|cornerstone/|favicon|icon).*)"] };
