import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { type Asked, ask } from "./ask.ts";
import { type OpenStores, PORTAL } from "./harness.ts";

const TYPE = "application/dicom";
const alive = () => ({ from: new Date(Date.now() - 5_000), until: new Date(Date.now() + 55_000) });
const over = () => ({ from: new Date(Date.now() - 60_000), until: new Date(Date.now() - 1_000) });

/** What a signed URL for reading grants, and nothing more. */
export function signsReading(stores: () => OpenStores, oddKeys: readonly string[]): void {
  describe("signs reading", () => {
    const bytes = randomBytes(20_000);
    const key = `read/${randomUUID()}/series/1/instances/2`;
    const other = `read/${randomUUID()}/series/1/instances/2`;
    const get = async (asked: Asked = {}, grant = {}) =>
      ask(await stores().archive.signGet(key, { ...alive(), contentType: TYPE, ...grant }), asked);
    beforeAll(async () => {
      const { archive, inbox } = stores();
      await archive.put(key, bytes, { contentType: TYPE });
      await archive.put(other, Buffer.from("another patient"), { contentType: TYPE });
      await inbox.put(key, Buffer.from("in the inbox"), { contentType: TYPE });
    });

    it("of the whole object, as a download of one type that only its reader may keep", async () => {
      const answer = await get({}, { downloadName: 'image "1"\r\nx.dcm' });
      expect(answer.status).toBe(200);
      expect(answer.bytes.equals(bytes)).toBe(true);
      expect(answer.headers["content-type"]).toBe(TYPE);
      expect(answer.headers["content-disposition"]).toBe('attachment; filename="image__1___x.dcm"');
      expect(answer.headers["cache-control"]).toMatch(/^private, max-age=([1-5]?\d|60)$/);
      if (stores().saysNosniff) expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    });

    it("as an attachment also where no name was given", async () => {
      expect((await get()).headers["content-disposition"]).toBe("attachment");
    });

    it("of the type that the grant fixes, not of the one that was put", async () => {
      expect((await get({}, { contentType: "application/octet-stream" })).headers["content-type"]).toBe(
        "application/octet-stream",
      );
    });

    it.each([
      ["bytes=0-99", 0, 100],
      ["bytes=1000-1999", 1_000, 2_000],
      ["bytes=19999-", 19_999, 20_000],
      ["bytes=19990-30000", 19_990, 20_000],
    ])("by range: %s", async (range, from, end) => {
      const answer = await get({ headers: { range } });
      expect(answer.status).toBe(206);
      expect(answer.bytes.equals(bytes.subarray(from, end))).toBe(true);
      expect(answer.headers["content-range"]).toBe(`bytes ${from}-${end - 1}/20000`);
    });

    it("by no range that isn't there", async () => {
      expect((await get({ headers: { range: "bytes=20000-20010" } })).status).toBe(416);
    });

    it("answers 304 to who has it, also on a reload", async () => {
      const { etag = "" } = (await get()).headers;
      expect(etag).not.toBe("");
      const again = await get({ headers: { "if-none-match": etag, "cache-control": "no-cache" } });
      expect(again.status).toBe(304);
      expect(again.bytes).toHaveLength(0);
      expect((await get({ headers: { "if-none-match": '"other"' } })).status).toBe(200);
    });

    it("gives the same URL within a window, so that a cache knows it again", async () => {
      const grant = { ...alive(), contentType: TYPE };
      const { archive } = stores();
      expect(await archive.signGet(key, grant)).toBe(await archive.signGet(key, grant));
    });

    it("of every key that a store may hold", async () => {
      const { archive } = stores();
      for (const odd of oddKeys)
        expect((await ask(await archive.signGet(odd, alive()))).bytes.toString()).toBe(odd);
    });

    it("is refused when its life is over", async () => {
      const answer = await get({}, over());
      expect(answer.status).toBe(403);
      expect(answer.bytes.includes(bytes.subarray(0, 100))).toBe(false);
    });

    it("is refused for a life made longer", async () => {
      const url = new URL(await stores().archive.signGet(key, over()));
      for (const name of ["e", "X-Amz-Expires"])
        if (url.searchParams.has(name))
          url.searchParams.set(name, String(Number(url.searchParams.get(name)) + 600));
      expect((await ask(url.toString())).status).toBe(403);
    });

    it("is refused for another object, another bucket, and with its signature changed", async () => {
      const { archive, inbox } = stores();
      const url = await archive.signGet(key, alive());
      expect((await ask(url.replace(key, other))).status).toBe(403);
      expect((await ask(url.replace(`/${archive.bucket}/`, `/${inbox.bucket}/`))).status).toBe(403);
      const at = url.indexOf("ignature=") >= 0 ? url.indexOf("ignature=") + 9 : url.indexOf("&s=") + 3;
      const changed = `${url.slice(0, at)}${url[at] === "0" ? "1" : "0"}${url.slice(at + 1)}`;
      expect((await ask(changed)).status).toBe(403);
    });

    it("is refused with another type or name than was signed", async () => {
      const url = await stores().archive.signGet(key, { ...alive(), contentType: TYPE });
      const asHtml = url.replace(encodeURIComponent(TYPE), encodeURIComponent("text/html"));
      expect(asHtml).not.toBe(url);
      expect((await ask(asHtml)).status).toBe(403);
      expect((await ask(url.replace("attachment", "inline").concat("&d=x"))).status).toBe(403);
    });

    it("allows neither writing nor deleting", async () => {
      const url = await stores().archive.signGet(key, alive());
      for (const method of ["PUT", "DELETE", "POST"])
        expect((await ask(url, { method, body: Buffer.from("evil") })).status).toBe(403);
      expect((await get()).bytes.equals(bytes)).toBe(true);
    });

    it("is needed: without one nothing is read", async () => {
      const { origin, pathname } = new URL(await stores().archive.signGet(key, alive()));
      expect((await ask(`${origin}${pathname}`)).status).toBe(403);
    });

    it("says nothing of an object that isn't there but that it isn't", async () => {
      expect((await ask(await stores().archive.signGet("read/absent", alive()))).status).toBe(404);
    });

    it("is open to the portal's pages and to no other site's", async () => {
      const answer = await get({ headers: { origin: PORTAL, range: "bytes=0-9" } });
      expect(answer.status).toBe(206);
      expect(answer.headers["access-control-allow-origin"]).toBe(PORTAL);
      const exposed = answer.headers["access-control-expose-headers"]?.toLowerCase().split(/,\s*/);
      expect(exposed).toEqual(
        expect.arrayContaining(["etag", "content-range", "accept-ranges", "content-length"]),
      );
      const elsewhere = await get({ headers: { origin: "https://evil.example" } });
      expect(elsewhere.headers["access-control-allow-origin"]).toBeUndefined();
    });
  });
}
