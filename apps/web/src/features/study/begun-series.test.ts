import { describe, expect, it, vi } from "vitest";
import { sampleInstance } from "#viewer/frames/sample-instance.ts";
import { type BegunSeries, withBegun } from "./begun-series.ts";

const NOW = Date.parse("2026-11-26T10:00:00Z");
const url = (instanceId: string) => ({
  instanceId,
  url: `begun/${instanceId}`,
  expiresAt: "2026-11-26T10:00:40Z",
});
const begun: BegunSeries = {
  seriesId: "s1",
  pages: [
    { after: undefined, instances: [sampleInstance({ instanceId: "a" })], next: "a" },
    { after: "a", instances: [sampleInstance({ instanceId: "b" })], next: undefined },
  ],
  signed: [url("a"), url("b")],
};

function made(text: PromiseLike<string | undefined> | undefined, now = NOW) {
  const asked = {
    instances: vi.fn(async () => ({ instances: [] })),
    sign: vi.fn(async () => []),
    displayed: vi.fn(async () => {}),
  };
  return { asked, source: withBegun(asked, text, () => now) };
}

/** As React hands a promise from the server to a component: one can await it, and its `then` answers nothing. */
const text = (): PromiseLike<string> => {
  const real = Promise.resolve(JSON.stringify(begun));
  return {
    // biome-ignore lint/suspicious/noThenProperty: what React hands over is such a thing
    then(done, failed): never {
      void real.then(done, failed);
      return undefined as never;
    },
  };
};

describe("what was begun with the page", () => {
  it("is handed out without a further query", async () => {
    const { asked, source } = made(text());
    const first = await source.instances("s1");
    expect(first.instances.map(({ instanceId }) => instanceId)).toEqual(["a"]);
    expect((await source.instances("s1", first.next)).instances[0]?.instanceId).toBe("b");
    expect(await source.sign(["b", "a"])).toEqual([url("b"), url("a")]);
    expect(asked.instances).not.toHaveBeenCalled();
    expect(asked.sign).not.toHaveBeenCalled();
  });

  it("is of one series, and each page of it is handed out once: later ones may say something else", async () => {
    const { asked, source } = made(text());
    await source.instances("s1");
    await source.instances("s1");
    await source.instances("s2");
    expect(asked.instances.mock.calls).toEqual([
      ["s1", undefined],
      ["s2", undefined],
    ]);
  });

  it("is no part of an answer that needs more", async () => {
    const { asked, source } = made(text());
    await source.sign(["a", "z"]);
    expect(asked.sign).toHaveBeenCalledWith(["a", "z"]);
  });

  it("isn't handed out once its addresses end: a browser that goes back has an old page", async () => {
    const { asked, source } = made(text(), NOW + 36_000);
    await source.instances("s1");
    await source.sign(["a"]);
    expect(asked.instances).toHaveBeenCalledTimes(1);
    expect(asked.sign).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["failed", () => Promise.reject(new Error("the page broke off"))],
    ["found nothing", () => Promise.resolve(undefined)],
  ])("leaves all to the source where it %s", async (_how, nothing) => {
    const { asked, source } = made(nothing());
    await source.instances("s1");
    await source.sign(["a"]);
    expect(asked.instances).toHaveBeenCalledTimes(1);
    expect(asked.sign).toHaveBeenCalledTimes(1);
  });
});
