import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item } from "./link.ts";
import { isWithin, itemsOf, scopeIn } from "./scope.ts";

const [STUDY, OTHER] = ["study-1", "study-2"];
const item = (more: Partial<Item> = {}): Item => ({
  studyId: STUDY,
  seriesId: undefined,
  instanceId: undefined,
  frames: [],
  ...more,
});

describe("what a link shows of a study", () => {
  it("nothing of one that it doesn't name", () => expect(scopeIn("l", [item()], OTHER)).toBeUndefined());
  it("all of one that it names whole", () =>
    expect(scopeIn("l", [item()], STUDY)).toEqual({
      scope: "link:l",
      seriesIds: undefined,
      only: undefined,
    }));
  it("images, and no more of their series", () => {
    const scope = scopeIn("l", [item({ seriesId: "s", instanceId: "i", frames: [2] })], STUDY);
    expect(scope?.seriesIds).toEqual(new Set(["s"]));
    expect(scope?.only).toEqual(new Map([["i", [2]]]));
  });
  it("names each image with its series", () => {
    const shows = { kind: "images" as const, images: [{ instanceId: "i", frames: [3, 1, 3] }] };
    const items = itemsOf({ studyId: STUDY, shows }, [{ instanceId: "i", seriesId: "s" }]);
    expect(items).toEqual([item({ seriesId: "s", instanceId: "i", frames: [1, 3] })]);
  });
});

describe("what is passed on", () => {
  it.each<[string, Item, Item, boolean]>([
    ["a series of a study", item({ seriesId: "s" }), item(), true],
    ["a study of a series", item(), item({ seriesId: "s" }), false],
    ["another study", item({ studyId: OTHER }), item(), false],
    ["another series", item({ seriesId: "t" }), item({ seriesId: "s" }), false],
    ["an image of a series", item({ seriesId: "s", instanceId: "i" }), item({ seriesId: "s" }), true],
    ["a series of an image", item({ seriesId: "s" }), item({ seriesId: "s", instanceId: "i" }), false],
    [
      "all frames of some",
      item({ seriesId: "s", instanceId: "i" }),
      item({ seriesId: "s", instanceId: "i", frames: [1] }),
      false,
    ],
    [
      "some frames of all",
      item({ seriesId: "s", instanceId: "i", frames: [4] }),
      item({ seriesId: "s", instanceId: "i" }),
      true,
    ],
    [
      "a frame beyond",
      item({ seriesId: "s", instanceId: "i", frames: [1, 2] }),
      item({ seriesId: "s", instanceId: "i", frames: [1] }),
      false,
    ],
  ])("%s", (_says, narrow, wide, expected) => expect(isWithin([narrow], [wide])).toBe(expected));
});

// A small world: two studies of two series of two images of three frames, and items of any kind in it.
const place = fc.record({ study: fc.constantFrom(STUDY, OTHER), series: fc.nat(1), image: fc.nat(1) });
const anyItem: fc.Arbitrary<Item> = fc
  .tuple(place, fc.constantFrom("study", "series", "image"), fc.subarray([1, 2, 3]))
  .map(([{ study, series, image }, kind, frames]) => {
    const seriesId = `${study}/s${series}`;
    if (kind === "study") return item({ studyId: study });
    if (kind === "series") return item({ studyId: study, seriesId });
    return item({ studyId: study, seriesId, instanceId: `${seriesId}/i${image}`, frames });
  });

/** Every frame of the small world that an item shows. */
function shown({ studyId, seriesId, instanceId, frames }: Item): string[] {
  const series = seriesId ? [seriesId] : [0, 1].map((one) => `${studyId}/s${one}`);
  const images = instanceId
    ? [instanceId]
    : series.flatMap((one) => [0, 1].map((image) => `${one}/i${image}`));
  const of = frames.length > 0 ? frames : [1, 2, 3];
  return images.flatMap((image) => of.map((frame) => `${image}#${frame}`));
}

describe("whatever is passed on", () => {
  it("shows no frame that its parent doesn't", () => {
    fc.assert(
      fc.property(
        fc.array(anyItem, { maxLength: 4 }),
        fc.array(anyItem, { maxLength: 4 }),
        (narrow, wide) => {
          if (!isWithin(narrow, wide)) return;
          const parents = new Set(wide.flatMap(shown));
          for (const frame of narrow.flatMap(shown)) expect(parents).toContain(frame);
        },
      ),
      { numRuns: 3000 },
    );
  });
  it("and all of the parent may be passed on", () => {
    fc.assert(fc.property(fc.array(anyItem, { minLength: 1 }), (items) => isWithin(items, items)));
  });
});
