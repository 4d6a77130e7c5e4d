import { describe, expect, it } from "vitest";
import { KEYS, keysText, knownLetter, letterFor, withKey } from "./keys.ts";

const line = (id: string) => KEYS.find((one) => one.id === id) ?? { keys: "", does: "" };

describe("a reader's own keys", () => {
  it("do what the reader chose, and the old letter nothing", () => {
    const own = withKey({}, "measure", "t");
    expect(knownLetter("t", own)).toBe("m");
    expect(knownLetter("m", own)).toBeUndefined();
    expect(knownLetter("w", own)).toBe("w");
    expect(keysText(line("measure"), own)).toBe("T");
  });

  it("no key does two things: what had it takes the free one", () => {
    const own = withKey({}, "measure", "w");
    expect([knownLetter("w", own), knownLetter("m", own)]).toEqual(["m", "w"]);
    expect(keysText(line("window"), own)).toBe("M");
    expect(keysText(line("series"), withKey({}, "series", "b"))).toBe("B, Shift+B");
  });

  it("what is no letter changes nothing, and what has no name of its own is as it was", () => {
    expect(withKey({}, "measure", "?")).toEqual({});
    expect(withKey({}, "nothing", "t")).toEqual({});
    expect(knownLetter("?", {})).toBe("?");
  });

  it("the left hand reads alone: on and back, prior, measure, key image, full, reset lie under it", () => {
    const letters = ["prior", "measure", "key-image", "full", "reset"].map((id) => letterFor(id, {}));
    expect(letters).toEqual(["p", "m", "k", "f", "r"]);
    const fixed = KEYS.map(({ keys }) => keys);
    expect(fixed).toEqual(expect.arrayContaining(["1 to 9", "Space, Shift+Space"]));
  });

  it("no letter stands twice in the list that is shipped", () => {
    const letters = KEYS.flatMap(({ letter }) => (letter ? [letter] : []));
    expect(new Set(letters).size).toBe(letters.length);
  });
});
