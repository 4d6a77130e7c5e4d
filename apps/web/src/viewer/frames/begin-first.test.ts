import { afterEach, describe, expect, it, vi } from "vitest";
import type { FrameSource, SignedObject } from "../contract.ts";
import { beginFirst } from "./begin-first.ts";
import { readEncoded } from "./read-encoded.ts";
import { acquired } from "./registry.ts";
import { sampleInstance } from "./sample-instance.ts";
import { libraryOf } from "./series-library.ts";

const { signal } = new AbortController();
const until = new Date(Date.now() + 60_000).toISOString();
const [LENGTH, ELSEWHERE] = [4, "elsewhere"];
/** A store that doesn't answer. */
const NEVER = 0;
let made = 0;

/** A series of two images, and what is asked of its source and of the store. */
function seriesOf(answers: (status: number) => number = (status) => status) {
  made += 1;
  const [first, second] = [1, 2].map((at) =>
    sampleInstance({ instanceId: `begun-${made}-${at}`, frames: [{ offset: 100, length: LENGTH }] }),
  );
  if (!first || !second) throw new Error("two were made");
  const fetched: string[] = [];
  vi.stubGlobal("fetch", async (url: string, { signal: asked }: { signal: AbortSignal }) => {
    fetched.push(url.slice(url.lastIndexOf("/") + 1));
    const status = answers(206);
    asked.throwIfAborted();
    if (status === NEVER) await new Promise((_, reject) => asked.addEventListener("abort", reject));
    return new Response(status === 206 ? new Uint8Array(LENGTH).fill(made) : "", { status });
  });
  const signed = async (ids: string[]): Promise<SignedObject[]> =>
    ids.map((instanceId) => ({ instanceId, url: `https://store/${instanceId}`, expiresAt: until }));
  const source: FrameSource = {
    instances: async (seriesId) => {
      if (seriesId === ELSEWHERE) throw new Error("not found");
      return { instances: [first, second] };
    },
    sign: signed,
    displayed: async () => {},
  };
  const read = async (at: number, until = signal) => {
    const { frames } = await libraryOf(source).series("s");
    const frame = acquired(frames[at]?.imageId ?? "");
    if (!frame) throw new Error("it isn't known");
    return readEncoded(frame, until);
  };
  return { source, read, fetched, ids: [first.instanceId, second.instanceId] as const };
}
afterEach(() => vi.unstubAllGlobals());

describe("the first frame of a series that is begun", () => {
  it("is read once: whoever shows it has what was begun, and whoever reads it again reads it anew", async () => {
    const { source, read, fetched, ids } = seriesOf();
    await beginFirst(source, "s");
    expect([...(await read(0)).bytes]).toEqual(Array(LENGTH).fill(made));
    expect(fetched).toEqual([ids[0]]);
    await read(0);
    expect(fetched).toEqual([ids[0], ids[0]]);
  });

  it("is nobody else's: another image is read for itself", async () => {
    const { source, read, fetched, ids } = seriesOf();
    await beginFirst(source, "s");
    await read(1);
    expect(fetched.toSorted()).toEqual([...ids].toSorted());
  });

  it("is read again by whoever shows it where that failed", async () => {
    let left = 2;
    const { source, read, fetched } = seriesOf((status) => {
      left -= 1;
      return left >= 0 ? 500 : status;
    });
    await beginFirst(source, "s");
    expect((await read(0)).bytes).toHaveLength(LENGTH);
    expect(fetched).toHaveLength(3);
  });

  it("is given up by whoever showed it and went on, however long the store takes", async () => {
    const { source, read } = seriesOf(() => NEVER);
    await beginFirst(source, "s");
    const left = new AbortController();
    const reading = read(0, left.signal);
    setTimeout(() => left.abort(), 5);
    await expect(reading).rejects.toThrow(/abort/i);
  });

  it("of a series that can't be had nothing is begun, and nothing fails", async () => {
    const { source, fetched } = seriesOf();
    await expect(beginFirst(source, ELSEWHERE)).resolves.toBeUndefined();
    expect(fetched).toEqual([]);
  });
});
