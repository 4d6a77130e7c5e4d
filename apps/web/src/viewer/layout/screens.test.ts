import { describe, expect, it } from "vitest";
import { arrange } from "./arrangement.ts";
import {
  activateAt,
  activeOf,
  hangAt,
  hungOn,
  oneScreen,
  regridAt,
  SECOND_AT,
  slotsOf,
  stepThrough,
  withoutSecond,
  withSecond,
} from "./screens.ts";

const hung = (seriesId: string) => ({ studyId: "s", seriesId });
const slot = (seriesId: string) => ({ kind: "hung" as const, hung: hung(seriesId) });
const first = arrange(1, 2, [slot("a"), slot("b")]);
const second = arrange(1, 2, [slot("c"), slot("d")]);
const both = withSecond(first, second, oneScreen(first));

describe("two screens are one row of viewports", () => {
  it("numbered through, the second's after all that the first can have", () => {
    expect(slotsOf(both).map(({ at }) => at)).toEqual([0, 1, SECOND_AT, SECOND_AT + 1]);
    expect(slotsOf(oneScreen(first)).map(({ at }) => at)).toEqual([0, 1]);
  });

  it("the arrows go through both, round and round", () => {
    let at = both;
    const seen = [0, 1, 2, 3].map(() => {
      at = stepThrough(at, 1);
      return activeOf(at);
    });
    expect(seen).toEqual([1, SECOND_AT, SECOND_AT + 1, 0]);
    expect(activeOf(stepThrough(both, -1))).toBe(SECOND_AT + 1);
  });

  it("what is hung on one screen leaves the other as it is, and is active", () => {
    const now = hangAt(both, SECOND_AT + 1, hung("e"));
    expect(now.first).toBe(both.first);
    expect([hungOn(now, SECOND_AT + 1)?.seriesId, activeOf(now)]).toEqual(["e", SECOND_AT + 1]);
    expect(activeOf(activateAt(now, 1))).toBe(1);
  });

  it("another grid on the screen on which the reader is", () => {
    const now = regridAt(activateAt(both, SECOND_AT), SECOND_AT, 2, 2);
    expect([now.first.slots.length, now.second?.slots.length]).toEqual([2, 4]);
  });

  it("a screen that is gone takes nothing that is asked of it, and what was active there is no more", () => {
    const one = withoutSecond(activateAt(both, SECOND_AT));
    expect(activeOf(one)).toBe(0);
    expect(hangAt(one, SECOND_AT, hung("e"))).toBe(one);
    expect(activateAt(one, SECOND_AT)).toBe(one);
    expect(hungOn(one, SECOND_AT)).toBeUndefined();
  });

  it("a step that says nothing of the second screen leaves what hangs there", () => {
    expect(withSecond(first, undefined, both).second).toBe(second);
    expect(withSecond(first, undefined, oneScreen(first)).second?.slots).toEqual([{ kind: "empty" }]);
  });
});
