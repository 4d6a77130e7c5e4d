import { describe, expect, it } from "vitest";
import { plainDay, plainMoment, plainName } from "./plain-names.ts";

describe("names that a patient knows", () => {
  it.each([
    [{ modalities: ["DX"], bodyParts: ["CHEST"] }, "Chest X-ray"],
    [{ modalities: ["MR"], bodyParts: ["KNEE"], laterality: "L" }, "Left knee MRI scan"],
    [{ modalities: ["PT", "CT"], bodyParts: [] }, "PET scan and CT scan"],
    [
      { modalities: ["CT", "PR", "SR"], bodyParts: ["CHEST", "ABDOMEN"] },
      "Chest and tummy (abdomen) CT scan",
    ],
    [{ modalities: ["MG"], bodyParts: ["BREAST"], laterality: "R" }, "Breast X-ray"],
    [{ modalities: ["CR"], bodyParts: ["T_SPINE"] }, "Upper back (spine) X-ray"],
    [{ modalities: ["ZZ"], bodyParts: ["QQQ"] }, "Images"],
    [{ modalities: [], bodyParts: [undefined] }, "Images"],
  ])("%o is %s", (made, name) => expect(plainName(made)).toBe(name));

  it("days and times are said as people say them, in London's time", () => {
    expect(plainDay("2026-03-03")).toBe("3 March 2026");
    expect(plainDay(undefined)).toBe("date not known");
    expect(plainMoment("2026-07-01T13:05:00Z")).toMatch(/^1 July 2026(,| at) 2:05\s?pm$/);
    expect(plainMoment("2026-01-01T12:26:00Z")).toMatch(/ 12:26\s?pm$/);
    expect(plainMoment("2026-01-01T00:26:00Z")).toMatch(/ 12:26\s?am$/);
  });
});
