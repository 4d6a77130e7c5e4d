import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CacheDisk } from "./cache-disk.ts";

const keyOf = (digit: number) => `0190f000-0000-7000-8000-00000000000${digit}-${"a".repeat(32)}`;
const [ONE, TWO] = [keyOf(1), keyOf(2)];
const head = { "0020000D": { vr: "UI", Value: ["1.2.3"] } };

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}
const textOf = async (bytes: AsyncIterable<Uint8Array>) => {
  let text = "";
  for await (const piece of bytes) text += Buffer.from(piece).toString();
  return text;
};

describe("the copies on the disk", () => {
  let home: string;
  let disk: CacheDisk;
  const open = (isWanted: (key: string) => boolean = () => true) => CacheDisk.open(home, isWanted);
  async function keep(key: string, ...texts: string[]): Promise<void> {
    await disk.keepHead(key, head);
    const writing = await disk.begin(key);
    const files = [await writing.write(0, pieces(...texts))];
    await writing.finish({ series: [], instances: [head], files });
  }
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), "weald-cache-"));
    disk = await open();
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("are there after a restart, whole, and counted", async () => {
    await keep(ONE, "some ", "bytes");
    disk = await open();
    expect([disk.isReady(ONE), disk.bytes]).toEqual([true, 10]);
    expect(await textOf(disk.read(ONE, 0))).toBe("some bytes");
    expect((await disk.index(ONE)).files).toMatchObject([{ sizeBytes: 10 }]);
  });

  it("what was half fetched when the gateway was killed is no copy, and leaves no byte", async () => {
    await disk.keepHead(ONE, head);
    const writing = await disk.begin(ONE);
    await writing.write(0, pieces("half"));
    expect([disk.isReady(ONE), disk.bytes]).toEqual([false, 4]);
    disk = await open();
    expect([disk.isReady(ONE), disk.bytes, disk.head(ONE)]).toEqual([false, 0, head]);
    expect(readdirSync(path.join(home, ONE))).toEqual(["head.json"]);
  });

  it("what breaks off leaves no byte", async () => {
    await disk.keepHead(ONE, head);
    const writing = await disk.begin(ONE);
    await writing.write(0, pieces("one"));
    const broken = async function* () {
      yield Buffer.from("two");
      throw new Error("the line broke");
    };
    await expect(writing.write(1, broken())).rejects.toThrow("the line broke");
    await writing.abandon();
    expect(disk.bytes).toBe(0);
    expect(readdirSync(path.join(home, ONE))).toEqual(["head.json"]);
  });

  it("what isn't wanted any more, or is no copy of ours, is gone at the start", async () => {
    await keep(ONE, "one");
    await keep(TWO, "two");
    mkdirSync(path.join(home, "other"));
    writeFileSync(path.join(home, "file"), "");
    disk = await open((key) => key === TWO);
    expect(readdirSync(home)).toEqual([TWO]);
    expect([disk.isReady(ONE), disk.isReady(TWO), disk.bytes]).toEqual([false, true, 3]);
  });

  it("what is evicted is still known of; what is dropped is not", async () => {
    await keep(ONE, "one");
    await disk.evict(ONE);
    expect([disk.isReady(ONE), disk.bytes, disk.head(ONE)]).toEqual([false, 0, head]);
    await disk.drop(ONE);
    expect([disk.head(ONE), readdirSync(home)]).toEqual([undefined, []]);
  });
});
