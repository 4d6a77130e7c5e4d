import { describe, expect, it } from "vitest";
import { nearestPriors } from "./nearest-priors.ts";

const prior = (studyId: string, modality: string, isNewer = false) => ({
  studyId,
  modalities: [modality],
  isNewer,
});

describe("what one key brings beside", () => {
  it("the first of the ranked, never one that is newer than what is read", () => {
    expect(nearestPriors(["CT"], [prior("newer", "CT", true), prior("a", "DX"), prior("b", "CT")])).toEqual([
      "a",
    ]);
    expect(nearestPriors(["CT"], [prior("newer", "CT", true)])).toEqual([]);
  });

  it("of mammograms the last two rounds, whatever else is ranked before them", () => {
    const ranked = [prior("us", "US"), prior("r1", "MG"), prior("r2", "MG"), prior("r3", "MG")];
    expect(nearestPriors(["MG"], ranked)).toEqual(["r1", "r2"]);
    expect(nearestPriors(["MG"], [prior("us", "US")])).toEqual(["us"]);
    expect(nearestPriors(["DX"], ranked)).toEqual(["us"]);
  });
});
