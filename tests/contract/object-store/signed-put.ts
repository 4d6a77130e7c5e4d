import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, bytesOf } from "./ask.ts";
import { type OpenStores, PORTAL } from "./harness.ts";

const TYPE = "application/dicom";
const inAMinute = () => new Date(Date.now() + 60_000);

/** What a signed URL for writing grants: one object, of one size and type, once. */
export function signsWriting(stores: () => OpenStores): void {
  describe("signs writing", () => {
    const bytes = randomBytes(5_000);
    const fresh = () => `inbox/RXC/${randomUUID()}.dcm`;
    const sign = (key: string, until = inAMinute()) =>
      stores().inbox.signPut(key, { until, sizeBytes: bytes.length, contentType: TYPE });

    async function put(
      key: string,
      { body = bytes, headers = {} }: { body?: Uint8Array; headers?: Record<string, string> } = {},
      until = inAMinute(),
    ) {
      const signed = await sign(key, until);
      const all = { ...signed.headers, "content-length": String(body.length), ...headers };
      return ask(signed.url, { method: signed.method, headers: all, body });
    }

    it("of exactly what was said", async () => {
      const key = fresh();
      const answer = await put(key);
      expect(answer.status).toBe(200);
      expect(await stores().inbox.head(key)).toMatchObject({ sizeBytes: bytes.length, contentType: TYPE });
      expect((await bytesOf(await stores().inbox.read(key))).equals(bytes)).toBe(true);
    });

    it.each([
      ["a byte less", { body: bytes.subarray(1) }],
      ["a byte more", { body: Buffer.concat([bytes, Buffer.from("x")]) }],
      ["nothing", { body: new Uint8Array() }],
      ["another type", { headers: { "content-type": "text/html" } }],
    ])("refuses %s", async (_name, sent) => {
      const key = fresh();
      const { status } = await put(key, sent);
      expect([400, 403]).toContain(status);
      expect(await stores().inbox.head(key)).toBeUndefined();
    });

    it("once: the second is refused, and the first's bytes stand", async () => {
      const key = fresh();
      expect((await put(key)).status).toBe(200);
      expect((await put(key, { body: randomBytes(bytes.length) })).status).toBe(412);
      expect((await bytesOf(await stores().inbox.read(key))).equals(bytes)).toBe(true);
    });

    it("is refused when its life is over", async () => {
      const key = fresh();
      expect((await put(key, {}, new Date(Date.now() - 1_000))).status).toBe(403);
      expect(await stores().inbox.head(key)).toBeUndefined();
    });

    it("is refused for another object", async () => {
      const [key, other] = [fresh(), fresh()];
      const signed = await sign(key);
      const headers = { ...signed.headers, "content-length": String(bytes.length) };
      const url = signed.url.replace(key, other);
      expect((await ask(url, { method: "PUT", headers, body: bytes })).status).toBe(403);
      expect(await stores().inbox.head(other)).toBeUndefined();
    });

    it("allows neither reading nor deleting", async () => {
      const key = fresh();
      await put(key);
      const signed = await sign(key);
      for (const method of ["GET", "DELETE"])
        expect((await ask(signed.url, { method, headers: signed.headers })).status).toBe(403);
      expect(await stores().inbox.head(key)).toBeDefined();
    });

    it("leaves nothing of a sender who went away in the middle", async () => {
      const key = fresh();
      const signed = await sign(key);
      const headers = { ...signed.headers, "content-length": String(bytes.length) };
      await ask(signed.url, { method: "PUT", headers, body: bytes, dropAfterBytes: 2_000 });
      // The same grant still stands: had anything been left there, this would be refused.
      expect((await ask(signed.url, { method: "PUT", headers, body: bytes })).status).toBe(200);
      expect((await bytesOf(await stores().inbox.read(key))).equals(bytes)).toBe(true);
    });

    it("is open to the portal's pages and to no other site's", async () => {
      const { url } = await sign(fresh());
      const preflight = (origin: string) =>
        ask(url, {
          method: "OPTIONS",
          headers: {
            origin,
            "access-control-request-method": "PUT",
            "access-control-request-headers": "content-type,if-none-match",
          },
        });
      const allowed = await preflight(PORTAL);
      expect([200, 204]).toContain(allowed.status);
      expect(allowed.headers["access-control-allow-origin"]).toBe(PORTAL);
      expect(allowed.headers["access-control-allow-methods"]).toContain("PUT");
      expect(allowed.headers["access-control-allow-headers"]?.toLowerCase()).toContain("content-type");
      const elsewhere = await preflight("https://evil.example");
      expect(elsewhere.headers["access-control-allow-origin"]).toBeUndefined();
    });
  });
}
