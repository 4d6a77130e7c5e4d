import { describe, expect, it } from "vitest";
import { multipartBody, newBoundary, type PartOut } from "./multipart-writer.ts";

async function* each<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}
async function written(...parts: PartOut[]): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of multipartBody(each(...parts), "b")) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}

describe("a multipart body", () => {
  it("has each part between boundaries, and ends", async () => {
    const bytes = Buffer.from("ab");
    const made = await written(
      { headers: { "Content-Type": "x/y" }, body: bytes },
      { headers: {}, body: each(bytes, Buffer.from("c")) },
    );
    expect(made).toBe("--b\r\nContent-Type: x/y\r\n\r\nab\r\n--b\r\n\r\nabc\r\n--b--\r\n");
  });
  it("lets no value begin another header", async () => {
    const made = await written({ headers: { "Content-Location": "a\r\nX-Evil: 1" }, body: Buffer.alloc(0) });
    expect(made).not.toMatch(/^X-Evil/m);
  });
  it("has a boundary that is never the same", () => {
    const made = new Set(Array.from({ length: 1000 }, newBoundary));
    expect(made.size).toBe(1000);
    for (const one of made) expect(one).toMatch(/^[a-z0-9-]{32,70}$/);
  });
});
