import { describe, expect, it } from "vitest";
import { type Accepted, type Arrival, takeInTogether } from "./take-in.ts";

const arrival = (itemId: string): Arrival => ({ itemId, arrival: `of ${itemId}` });

/** Calls that end when they are let go. */
function held() {
  const calls: { ids: string[]; end(accepted?: Partial<Accepted>): void; fail(): void }[] = [];
  const takeIn = takeInTogether(
    (arrivals) =>
      new Promise((resolve, reject) => {
        const ids = arrivals.map(({ itemId }) => itemId);
        const outcomes = ids.map((itemId) => ({ itemId, outcome: "accepted" }));
        calls.push({
          ids,
          end: (accepted) => resolve({ failed: [], outcomes, ...accepted }),
          fail: () => reject(new Error("away")),
        });
      }),
  );
  return { calls, takeIn };
}

describe("taking in together", () => {
  it("what comes while calls run goes with the next one, and each sender hears of its own alone", async () => {
    const { calls, takeIn } = held();
    const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => takeIn([arrival(id)]));
    expect(calls.map(({ ids }) => ids)).toEqual([["a"], ["b"]]);
    calls[0]?.end();
    await expect(a).resolves.toEqual({ failed: [], outcomes: [{ itemId: "a", outcome: "accepted" }] });
    expect(calls[2]?.ids).toEqual(["c", "d"]);
    calls[2]?.end({ failed: ["d"], outcomes: [{ itemId: "c", outcome: "duplicate" }] });
    await expect(c).resolves.toEqual({ failed: [], outcomes: [{ itemId: "c", outcome: "duplicate" }] });
    await expect(d).resolves.toEqual({ failed: ["d"], outcomes: [] });
    calls[1]?.end();
    await expect(b).resolves.toMatchObject({ failed: [] });
  });
  it("a call that fails is told to whoever went with it, and the next goes on", async () => {
    const { calls, takeIn } = held();
    const [a, b, c] = ["a", "b", "c"].map((id) => takeIn([arrival(id)]));
    calls[0]?.fail();
    await expect(a).rejects.toThrow("away");
    calls[2]?.end();
    await expect(c).resolves.toMatchObject({ failed: [] });
    calls[1]?.end();
    await b;
  });
  it("holds a call to what the function takes", async () => {
    const sizes: number[] = [];
    const takeIn = takeInTogether(async (arrivals) => {
      sizes.push(arrivals.length);
      return { failed: [], outcomes: [] };
    });
    const many = (count: number) => Array.from({ length: count }, (_, index) => arrival(String(index)));
    await Promise.all([1, 1, 60, 60, 30].map((count) => takeIn(many(count))));
    expect(sizes).toEqual([1, 1, 60, 90]);
  });
});
