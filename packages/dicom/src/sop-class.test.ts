import { describe, expect, it } from "vitest";
import { isImageClass, nameOfSopClass } from "./sop-class.ts";

describe("SOP classes", () => {
  it.each([
    ["1.2.840.10008.5.1.4.1.1.2", true],
    ["1.2.840.10008.5.1.4.1.1.1.2", true],
    ["1.2.840.10008.5.1.4.1.1.12.1", true],
    ["1.2.840.10008.5.1.4.1.1.481.1", true],
    ["1.2.840.10008.5.1.4.1.1.88.67", false],
    ["1.2.840.10008.5.1.4.1.1.104.1", false],
    ["1.2.840.10008.5.1.4.1.1.11.1", false],
    ["1.2.840.10008.5.1.4.1.1.481.3", false],
    ["1.2.840.10008.5.1.4.1.1.9.1.1", false],
    ["1.2.3.4", true],
  ])("%s holds pictures: %s", (uid, isImage) => {
    expect(isImageClass(uid)).toBe(isImage);
  });

  it("a class without a name says its UID", () => {
    expect(nameOfSopClass("1.2.840.10008.5.1.4.1.1.2")).toBe("CT Image");
    expect(nameOfSopClass("1.2.3")).toBe("object of class 1.2.3");
  });
});
