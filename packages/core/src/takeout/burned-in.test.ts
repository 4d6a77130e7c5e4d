import { describe, expect, it } from "vitest";
import { whyLookFirst } from "./burned-in.ts";

const CT = "1.2.840.10008.5.1.4.1.1.2";

describe("without patient text is refused until somebody has looked", () => {
  it.each([
    ["a CT", { burnedIn: undefined, modality: "CT", sopClassUid: CT }, undefined],
    ["a CT that says no", { burnedIn: "NO", modality: "CT", sopClassUid: CT }, undefined],
    ["a CT that says yes", { burnedIn: "YES", modality: "CT", sopClassUid: CT }, /burned/],
    ["ultrasound, even if it says no", { burnedIn: "NO", modality: "US", sopClassUid: CT }, /Ultrasound/],
    [
      "secondary capture",
      { burnedIn: undefined, modality: "CT", sopClassUid: "1.2.840.10008.5.1.4.1.1.7" },
      /secondary capture/,
    ],
    [
      "multi-frame secondary capture",
      { burnedIn: undefined, modality: "CT", sopClassUid: "1.2.840.10008.5.1.4.1.1.7.4" },
      /secondary capture/,
    ],
  ])("%s", (_says, image, why) => {
    const said = whyLookFirst({ ...image, drawn: "nothing" });
    if (why) expect(said).toMatch(why);
    else expect(said).toBeUndefined();
  });

  it("a CT on which words are drawn that somebody typed", () => {
    const ct = { burnedIn: "NO", modality: "CT", sopClassUid: CT };
    expect(whyLookFirst({ ...ct, drawn: "words" })).toMatch(/typed/);
    expect(whyLookFirst({ ...ct, drawn: "nothing" })).toBeUndefined();
  });
});
