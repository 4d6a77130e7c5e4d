import { DELAYS, type Facts, judgeLook, type Look } from "@weald/core/review";
import { describe, expect, it } from "vitest";
import { plantedMonth } from "../fixtures/planted-month.ts";

const judged = (of: Look, known: Facts) => DELAYS.flatMap((after) => judgeLook(of, known, after));

describe("a month of the region with twenty snoops in it", () => {
  const month = plantedMonth();
  const flagged = month.filter(({ look: of, facts: known }) => judged(of, known).length > 0);
  const perDay = new Map<string, number>();
  for (const { look: of } of flagged) {
    const day = of.at.toISOString().slice(0, 10);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
  }
  const snoops = month.filter(({ snoop }) => snoop);
  const found = flagged.filter(({ snoop }) => snoop);

  it("is a month: tens of thousands of looks, twenty of them by snoops", () => {
    expect(month.length).toBeGreaterThan(70_000);
    expect(snoops).toHaveLength(20);
  });
  it("the rules find 18 of the 20: not the two who look at a neighbour from a reporter's list", () => {
    expect(found).toHaveLength(18);
    expect(new Set(snoops.filter((one) => !found.includes(one)).map(({ snoop }) => snoop))).toEqual(
      new Set(["neighbour of a reporter"]),
    );
  });
  it("and raise at most ten flags on any day", () => {
    const most = Math.max(...perDay.values());
    console.log(
      `review: ${found.length} of ${snoops.length} snoops found, ${flagged.length} flags in ${perDay.size} days, at most ${most} a day`,
    );
    expect(most).toBeLessThanOrEqual(10);
  });
});
