import { describe, expect, it } from "vitest";
import { copyText } from "./copies.ts";

describe("who holds what more", () => {
  it.each([
    [0, 0, "Also held by Royal Surrey: the same images"],
    [12, 0, "Royal Surrey holds 12 images more"],
    [1, 0, "Royal Surrey holds 1 image more"],
    [0, 3, "Royal Surrey holds 3 images fewer"],
    [2, 5, "Royal Surrey holds 2 images that are not here, and lacks 5 of these"],
    [1, 1, "Royal Surrey holds 1 image that is not here, and lacks 1 of these"],
  ])("%i more there, %i more here: %s", (moreThere, moreHere, expected) =>
    expect(copyText({ moreThere, moreHere }, "Royal Surrey")).toBe(expected),
  );
});
