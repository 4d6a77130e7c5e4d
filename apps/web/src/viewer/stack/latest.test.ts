import { expect, it } from "vitest";
import { latestOnly } from "./latest.ts";

/** Loads that end when they are told to, and a reader who wants the one asked for last. */
function scrolling() {
  const loads = latestOnly();
  const begun: number[] = [];
  const ends = new Map<number, (how: "done" | "failed") => void>();
  let wanted = -1;
  function ask(index: number): Promise<unknown> {
    wanted = index;
    const begin = () => {
      begun.push(index);
      return new Promise((resolve, reject) =>
        ends.set(index, (how) => (how === "done" ? resolve(index) : reject(new Error("gone")))),
      );
    };
    return loads.load(begin, () => wanted === index);
  }
  return { ask, begun, end: (index: number, how: "done" | "failed" = "done") => ends.get(index)?.(how) };
}

it("a fast scroll asks for the picture at its end, not for all that it passed", async () => {
  const { ask, begun, end } = scrolling();
  const all = Array.from({ length: 50 }, (_, index) => ask(index));
  await Promise.resolve();
  end(0);
  end(1);
  await Promise.all(all.slice(0, 49));
  end(49);
  expect(await all[49]).toBe(49);
  expect(begun).toEqual([0, 1, 49]);
});

it("one that fails keeps nobody out, and its failure is told to whoever asked", async () => {
  const { ask, begun, end } = scrolling();
  const [first, second, third] = [ask(0), ask(1), ask(2)];
  await Promise.resolve();
  end(0, "failed");
  await expect(first).rejects.toThrow("gone");
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  end(2);
  expect(await third).toBe(2);
  end(1);
  expect(await second).toBe(1);
});
