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
    prefetcher.plan("a", planOf(["a1", "a2", "a3", "a4", "a5", "a6"]));
    prefetcher.plan("b", planOf(["b-bad", "b2", "b3", "b4", "b5"]));
    for (let turn = 0; turn < 12; turn += 1) await settled();
    expect(order).toHaveLength(11);
    expect(most()).toBe(4);
    expect(order.indexOf("b5")).toBeLessThan(order.indexOf("a5"));
  });

  it("fetches nothing for the others once there is no room", async () => {
    const { prefetcher, order } = recorded(() => false);
    prefetcher.plan("a", planOf(["a1"]));
    prefetcher.plan("b", planOf(["b1"]));
    prefetcher.activate("b");
    await settled();
    expect(order).toEqual(["b1"]);
  });
});
