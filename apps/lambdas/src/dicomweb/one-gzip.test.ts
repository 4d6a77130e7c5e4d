import { constants, crc32, deflateRawSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { joinedCrc, oneGzip } from "./one-gzip.ts";

async function* piecesOf(texts: readonly string[]) {
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const deflated = deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    yield { deflated, crc: crc32(bytes), sizeBytes: bytes.length };
  }
}

async function joined(texts: readonly string[], end: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of oneGzip(piecesOf(texts), end)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As browsers do: the first member, and nothing behind it. */
async function firstMember(bytes: Buffer): Promise<string> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

describe("one gzip member of many pieces", () => {
  it.each([
    [[]],
    [["[\n{}"]],
    [["", "a", ""]],
    [["[\n", "a".repeat(100_000), `,\n${"Žižek".repeat(3000)}`, ",\n{}"]],
  ])(
    "unpacks to all of them and the end, whole and checked, also for who reads one member alone: %#",
    async (texts) => {
      const bytes = await joined(texts, "]");
      expect(gunzipSync(bytes).toString()).toBe(`${texts.join("")}]`);
      expect(await firstMember(bytes)).toBe(`${texts.join("")}]`);
    },
  );
  it("its check sum is that of the whole, also over more than a million bytes", () => {
    const [first, second] = [Buffer.alloc(10, "ab"), Buffer.alloc(2_500_001, "xyz")];
    expect(joinedCrc(crc32(first), crc32(second), second.length)).toBe(crc32(Buffer.concat([first, second])));
  });
});
