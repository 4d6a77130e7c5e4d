import { describe, expect, it } from "vitest";
import { createPrefetcher } from "./prefetcher.ts";

const planOf = (ids: string[]) => ({ next: () => ids.shift() });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function recorded(hasRoom: () => boolean = () => true) {
  const order: string[] = [];
  let atOnce = 0;
  let most = 0;
  const prefetcher = createPrefetcher(async (imageId) => {
    order.push(imageId);
    atOnce += 1;
    most = Math.max(most, atOnce);
    await settled();
    atOnce -= 1;
    if (imageId.endsWith("bad")) throw new Error("no");
  }, hasRoom);
  return { prefetcher, order, most: () => most };
}

describe("fetching ahead", () => {
  it("takes the active viewport's first, four at once over all, and one that fails stops nothing", async () => {
    const { prefetcher, order, most } = recorded();
    prefetcher.activate("b");
    void prefetcher.plan("a", planOf(["a1", "a2", "a3", "a4", "a5", "a6"]));
    void prefetcher.plan("b", planOf(["b-bad", "b2", "b3", "b4", "b5"]));
    for (let turn = 0; turn < 12; turn += 1) await settled();
    expect(order).toHaveLength(11);
    expect(most()).toBe(4);
    expect(order.indexOf("b5")).toBeLessThan(order.indexOf("a5"));
  });

  it("fetches nothing for the others once there is no room", async () => {
    const { prefetcher, order } = recorded(() => false);
    void prefetcher.plan("a", planOf(["a1"]));
    void prefetcher.plan("b", planOf(["b1"]));
    prefetcher.activate("b");
    await settled();
    expect(order).toEqual(["b1"]);
  });

  it("tells once all of a plan is here, one that can't be had too", async () => {
    const { prefetcher, order } = recorded();
    const told: string[] = [];
    prefetcher.activate("a");
    void prefetcher.plan("a", planOf(["a1", "a-bad"])).then(() => told.push(...order, "then"));
    await settled();
    await settled();
    expect(told).toEqual(["a1", "a-bad", "then"]);
  });

  it("tells of what another plan took the place of, behind what is on its way of it", async () => {
    const { prefetcher, order } = recorded();
    const told: string[] = [];
    prefetcher.activate("a");
    void prefetcher.plan("a", planOf(["a1", "a2", "a3", "a4", "a5"])).then(() => told.push("first"));
    void prefetcher.plan("a", planOf(["b1"])).then(() => told.push("second"));
    expect(told).toEqual([]);
    for (let turn = 0; turn < 5; turn += 1) await settled();
    expect(order).toEqual(["a1", "a2", "a3", "a4", "b1"]);
    expect(told).toEqual(["first", "second"]);
  });

  it("tells of a plan that is forgotten before its turn", async () => {
    const { prefetcher } = recorded(() => false);
    const waited = prefetcher.plan("a", planOf(["a1"]));
    prefetcher.forget("a");
    await expect(waited).resolves.toBeUndefined();
  });
});
