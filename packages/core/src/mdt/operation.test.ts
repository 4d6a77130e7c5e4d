import { describe, expect, it } from "vitest";
import type { CaseSide } from "./case.ts";
import { judgeOperation, sideFrom } from "./operation.ts";

type Sides = readonly ("L" | "R")[];
const judged = (procedure: string, side: CaseSide | undefined, ...images: Sides[]) =>
  judgeOperation({
    operation: { procedure, side },
    current: images.map((sides, at) => ({ name: `XR knee ${at + 1}`, sides })),
    referrer: "Miss Nair",
  });

describe("an operation and its side, beside the images' side", () => {
  it.each([
    ["no operation", "", "L", [["L"]], "red"],
    ["no side written", "Total knee replacement", undefined, [["L"]], "red"],
    ["no side written, whatever its words say", "Left total knee replacement", undefined, [["L"]], "red"],
    ["its words say the other side", "Left total knee replacement", "R", [["R"]], "red"],
    ["its words say one of two", "Left total knee replacement", "B", [["L", "R"]], "red"],
    ["its words name a side of what has none", "Left hemicolectomy", "none", [[]], "red"],
    ["the same side", "Total knee replacement", "L", [["L"]], "green"],
    ["the other side", "Total knee replacement", "L", [["R"]], "red"],
    ["both in one image", "Total knee replacement", "R", [["L", "R"]], "green"],
    ["one of two studies is of the other side alone", "Total knee replacement", "L", [["L"], ["R"]], "amber"],
    ["both sides, both imaged", "Bilateral knee replacement", "B", [["L"], ["R"]], "green"],
    ["both sides, one imaged", "Bilateral knee replacement", "B", [["L"]], "red"],
    ["images that don't say", "Total knee replacement", "L", [[]], "grey"],
    ["no images", "Total knee replacement", "L", [], "grey"],
    ["an operation without a side", "Laparotomy", "none", [[]], "green"],
  ] as const)("%s", (_says, procedure, side, images, colour) => {
    expect(judged(procedure, side, ...images).colour).toBe(colour);
  });

  it("says what disagrees, and from whom it is to be had", () => {
    expect(judged("Total knee replacement", "L", ["R"]).says).toBe(
      "Total knee replacement, LEFT, but the images are of the RIGHT",
    );
    expect(judged("", "L").from).toBe("Miss Nair");
  });

  it("reads a side as people write it, and takes nothing else for one", () => {
    const read = ["Left", "Lt.", "l", "RIGHT", "both", "Bilateral", "n/a", "midline", "lef", "L/R", ""].map(
      sideFrom,
    );
    expect(read).toEqual(["L", "L", "L", "R", "B", "B", "none", "none", undefined, undefined, undefined]);
  });
});
