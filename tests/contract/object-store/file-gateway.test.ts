import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask } from "./ask.ts";
import { type OpenFileStores, openFileStores, PORTAL } from "./harness.ts";

const TYPE = "application/dicom";

/** What the gateway of the file adapter promises beyond the contract of every object store. */
describe("the gateway of the file object store", () => {
  let stores: OpenFileStores;
  let url = "";
  const bytes = Buffer.from("0123456789".repeat(100));
  beforeAll(async () => {
    stores = await openFileStores();
    await stores.archive.put("a/b", bytes, { contentType: TYPE });
    const until = new Date(Date.now() + 60_000);
    url = await stores.archive.signGet("a/b", { from: new Date(), until, contentType: TYPE });
  });
  afterAll(() => stores?.stop());

  it("gives a part only of the object that the reader has begun", async () => {
    const { etag = "" } = (await ask(url)).headers;
    const same = await ask(url, { headers: { range: "bytes=5-9", "if-range": etag } });
    expect(same).toMatchObject({ status: 206, bytes: Buffer.from("56789") });
    const changed = await ask(url, { headers: { range: "bytes=5-9", "if-range": '"stale"' } });
    expect(changed.status).toBe(200);
    expect(changed.bytes.equals(bytes)).toBe(true);
  });

  it("says nosniff on every answer, also on refusals, and lets the portal read them", async () => {
    const origin = { origin: PORTAL };
    const answers = [
      await ask(url, { headers: origin }),
      await ask(url, { headers: { ...origin, range: "bytes=99999-" } }),
      await ask(url.replace("a/b", "a/c"), { headers: origin }),
      await ask(url.split("?")[0] ?? "", { headers: origin }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 416, 403, 403]);
    for (const { headers } of answers) {
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["access-control-allow-origin"]).toBe(PORTAL);
      expect(headers.vary).toContain("Origin");
    }
  });

  it("tells the size of an object without sending it", async () => {
    const answer = await ask(url, { method: "HEAD" });
    expect(answer).toMatchObject({ status: 200, bytes: Buffer.alloc(0) });
    expect(answer.headers["content-length"]).toBe("1000");
  });

  it("refuses what is no path of its own, without an error of its own", async () => {
    const { origin } = new URL(url);
    for (const path of ["/", "/archive/%", "/archive/%ff?m=GET", "/other/a/b", "/archive/../../etc/passwd"])
      expect([400, 403]).toContain((await ask(`${origin}${path}`)).status);
  });

  it("refuses a body whose length nobody said", async () => {
    const signed = await stores.inbox.signPut("inbox/x", {
      until: new Date(Date.now() + 60_000),
      sizeBytes: 3,
      contentType: TYPE,
    });
    const headers = { "content-type": TYPE, "transfer-encoding": "chunked" };
    const answer = await ask(signed.url, { method: "PUT", headers, body: Buffer.from("abc") });
    expect(answer).toMatchObject({ status: 411, bytes: Buffer.from("LENGTH_REQUIRED") });
    expect(await stores.inbox.head("inbox/x")).toBeUndefined();
  });

  it("a large object that is refused hears why, and so does the next on its line", async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 7);
    const until = new Date(Date.now() + 60_000);
    const grant = { until, sizeBytes: body.length, contentType: TYPE };
    const { url: signed } = await stores.inbox.signPut("inbox/large", grant);
    const tried = async (url: string, type: string) => {
      const answer = await fetch(url, { method: "PUT", headers: { "content-type": type }, body });
      return `${answer.status} ${await answer.text()}`;
    };
    for (let time = 0; time < 2; time += 1) {
      expect(await tried(signed, "image/png")).toBe("400 TYPE_NOT_AS_SIGNED");
      expect(await tried(signed.replace("inbox/large", "inbox/other"), TYPE)).toBe("403 FORBIDDEN");
    }
    expect(await stores.inbox.head("inbox/large")).toBeUndefined();
    expect(await tried(signed, TYPE)).toBe("200 ");
  });
});
