import { NextRequest } from "next/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { proxy } from "./proxy.ts";

afterEach(() => vi.unstubAllEnvs());

function headersOf(portalUrl: string): Headers {
  vi.stubEnv("WEALD_PORTAL_URL", portalUrl);
  vi.stubEnv("WEALD_OBJECT_URL", "https://objects.weald.example/");
  vi.stubEnv("WEALD_ISSUER", "https://cis2.example/");
  return proxy(new NextRequest(`${portalUrl}/worklist`)).headers;
}

describe("the headers of every page", () => {
  it("let scripts run by a nonce of this request alone, and nothing frame it", () => {
    const [one, another] = [headersOf("https://portal.example"), headersOf("https://portal.example")];
    const policy = one.get("content-security-policy") ?? "";
    for (const part of [
      "frame-ancestors 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "default-src 'self'",
    ])
      expect(policy.split("; ")).toContain(part);
    expect(policy).toContain("connect-src 'self' https://objects.weald.example");
    const nonceIn = (headers: Headers) =>
      /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];
    expect(nonceIn(one)?.length).toBeGreaterThan(20);
    expect(nonceIn(one)).not.toBe(nonceIn(another));
  });
  it("keep it from caches, referrers and other types", () => {
    const headers = headersOf("https://portal.example");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
  it("hold browsers to HTTPS where the portal is HTTPS, and not on this machine", () => {
    expect(headersOf("https://portal.example").get("strict-transport-security")).toBe(
      "max-age=31536000; includeSubDomains",
    );
    expect(headersOf("http://127.0.0.1:3000").get("strict-transport-security")).toBeNull();
  });
});
