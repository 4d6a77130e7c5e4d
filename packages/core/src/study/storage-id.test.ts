import { describe, expect, it } from "vitest";
import { storageIdOf } from "./storage-id.ts";

const SECRET = "a secret of this region, never changed";
const STUDY = "1.2.826.0.1.3680043.8.498.1";

describe("the folder of a study in the archive", () => {
  it("is the same for the same study, so that a step can be repeated", () =>
    expect(storageIdOf(SECRET, "RXC", STUDY)).toBe(storageIdOf(SECRET, "RXC", STUDY)));
  it("is another for another trust, study or region", () => {
    const ids = [
      storageIdOf(SECRET, "RXC", STUDY),
      storageIdOf(SECRET, "RA2", STUDY),
      storageIdOf(SECRET, "RXC", `${STUDY}0`),
      storageIdOf(`${SECRET}.`, "RXC", STUDY),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
  it("names no hospital and no study, and is a safe folder name of 130 bits", () => {
    const id = storageIdOf(SECRET, "RXC", STUDY);
    expect(id).toMatch(/^[a-z2-7]{26}$/);
    expect(id.toUpperCase()).not.toContain("RXC");
  });
  it("doesn't change between versions: what was archived is found again", () =>
    expect(storageIdOf("fixed", "RXC", "1.2.3")).toBe("ekuilrqrswuqegepj37kpvesi4"));
});
