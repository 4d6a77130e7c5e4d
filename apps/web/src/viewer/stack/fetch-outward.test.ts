import { describe, expect, it } from "vitest";
import { fetchOutward, type Outward } from "./fetch-outward.ts";

function told(leftAfter?: string, hasPreviews = true) {
  const order: string[] = [];
  const step = (name: string) => async () => {
    order.push(name);
  };
  const outward: Outward = {
    ...{ isLeft: () => order.at(-1) === leftAfter, hasPreviews },
    ...{ nearest: step("nearest"), previews: step("previews"), rest: step("rest") },
  };
  return fetchOutward(outward).then(() => order);
}

describe("what is fetched of a stack", () => {
  it("is what a key press is away, then the lowest resolutions, then the rest", async () => {
    expect(await told()).toEqual(["nearest", "previews", "rest"]);
  });

  it("is all outward where there are no lowest resolutions, or they are here", async () => {
    expect(await told(undefined, false)).toEqual(["rest"]);
  });

  it.each([["nearest"], ["previews"]])("is nothing more once it was left during %s", async (last) => {
    expect((await told(last)).at(-1)).toBe(last);
  });
});
