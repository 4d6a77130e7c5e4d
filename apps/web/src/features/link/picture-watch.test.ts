import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Asked,
  type Previews,
  type SignedPictures,
  srcOf,
  WAITS_MS,
  watchPictures,
} from "./picture-watch.ts";

const STUDY = { studyId: "study", seriesIds: ["a", "b"] };
const signed = (seriesId: string) => ({ seriesId, url: `https://store.example/${seriesId}` });
const AWAITED: SignedPictures = { pictures: [], awaited: ["a", "b"] };

/** A page whose door answers so, one after the other; the last answer again and again. */
function page(answers: (SignedPictures | Error)[], more: Partial<Asked> = {}) {
  let told: Previews = new Map();
  const ask = vi.fn(async (_study: unknown) => {
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (!next || next instanceof Error) throw next;
    return next;
  });
  const onTold = (previews: Previews) => {
    told = previews;
  };
  const watch = watchPictures({ ask, untilSeen: async () => undefined, onTold, ...more });
  const states = () => ["a", "b"].map((seriesId) => told.get(seriesId)?.state);
  return { watch, ask, states, told: () => told };
}
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
const ALL_MS = WAITS_MS.reduce((sum, wait) => sum + wait, 0);

describe("small pictures of a page that was opened before they were drawn", () => {
  const held = new Set<string>();
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", async (url: string) => new Response(url));
    vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
      const made = `blob:${held.size}`;
      held.add(made);
      return made;
    });
    vi.spyOn(URL, "revokeObjectURL").mockImplementation((made) => void held.delete(made));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    held.clear();
  });

  it("come by themselves, each as it is drawn, and nobody asks for one that is there", async () => {
    const { watch, ask, states, told } = page([
      { pictures: [signed("a")], awaited: ["b"] },
      { pictures: [signed("b")], awaited: [] },
    ]);
    watch.hear(AWAITED);
    watch.want([STUDY]);
    expect(states()).toEqual(["awaited", "awaited"]);
    await pass(4);
    expect(states()).toEqual(["there", "awaited"]);
    await pass(6);
    expect(states()).toEqual(["there", "there"]);
    expect(srcOf(told().get("b"))).toMatch(/^blob:/);
    await pass(600);
    expect(ask.mock.calls).toEqual([[STUDY], [{ ...STUDY, seriesIds: ["b"] }]]);
  });

  it("are asked for no more where all came with the page, or where one can't be drawn", async () => {
    const all = page([AWAITED]);
    all.watch.hear({ pictures: [signed("a"), signed("b")], awaited: [] });
    all.watch.want([STUDY]);
    const failed = page([{ pictures: [signed("a")], awaited: [] }]);
    failed.watch.hear(AWAITED);
    failed.watch.want([STUDY]);
    await pass(600);
    expect(all.ask).not.toHaveBeenCalled();
    expect(failed.states()).toEqual(["there", "none"]);
    expect(failed.ask).toHaveBeenCalledTimes(1);
  });

  it("are asked for ever more rarely, and after five minutes no more", async () => {
    const { watch, ask, states } = page([new Error("nobody answers"), AWAITED]);
    watch.hear(AWAITED);
    watch.want([STUDY]);
    await pass(60);
    const first = ask.mock.calls.length;
    expect(first).toBeLessThan(7);
    await pass(60);
    expect(ask.mock.calls.length - first).toBeLessThan(4);
    expect(states()).toEqual(["awaited", "awaited"]);
    expect(ALL_MS).toBeLessThanOrEqual(300_000);
    await pass(3600);
    expect(ask).toHaveBeenCalledTimes(WAITS_MS.length);
    expect(states()).toEqual(["none", "none"]);
  });

  it("aren't asked for while nobody sees the page, nor by one that was left", async () => {
    let see = () => {};
    const seen = new Promise<void>((then) => {
      see = then;
    });
    const { watch, ask, states } = page([{ pictures: [signed("a")], awaited: ["b"] }], {
      untilSeen: () => seen,
    });
    watch.hear(AWAITED);
    watch.want([STUDY]);
    await pass(3600);
    expect(ask).not.toHaveBeenCalled();
    see();
    await pass(1);
    expect(states()).toEqual(["there", "awaited"]);
    expect(held.size).toBe(1);
    watch.stop();
    expect(states()).toEqual([undefined, undefined]);
    expect(held.size).toBe(0);
    await pass(3600);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("one whose address was refused gets another, and a study that is shown since then gets its own", async () => {
    const { watch, ask, states } = page([
      { pictures: [signed("a")], awaited: [] },
      { pictures: [signed("b")], awaited: [] },
    ]);
    vi.stubGlobal("fetch", async () => new Response("", { status: 403 }));
    watch.hear({ pictures: [signed("a")], awaited: [] });
    watch.want([{ studyId: "study", seriesIds: ["a"] }]);
    await pass(1);
    expect(states()).toEqual(["awaited", undefined]);
    vi.stubGlobal("fetch", async (url: string) => new Response(url));
    await pass(3);
    expect(states()).toEqual(["there", undefined]);
    watch.want([STUDY]);
    watch.want([STUDY]);
    await pass(4);
    expect(states()).toEqual(["there", "there"]);
    expect(ask.mock.calls.at(-1)).toEqual([{ studyId: "study", seriesIds: ["b"] }]);
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
