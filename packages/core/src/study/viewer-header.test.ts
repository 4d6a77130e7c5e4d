import { describe, expect, it } from "vitest";
import { viewerHeader } from "./viewer-header.ts";

const header = {
  "00080060": { vr: "CS", Value: ["DX"] },
  "00091001": { vr: "LO", Value: ["a vendor's own"] },
  "00280010": { vr: "US", Value: [4] },
  "00880200": { vr: "SQ", Value: [{}] },
  "04000561": { vr: "SQ", Value: [{}] },
  FFFAFFFA: { vr: "SQ", Value: [{}] },
};

describe("the header that a viewer gets", () => {
  it("holds the standard's attributes and neither private ones, icon, history nor signatures", () =>
    expect(Object.keys(viewerHeader(header))).toEqual(["00080060", "00280010"]));
  it("leaves the stored header as it is", () => {
    const before = structuredClone(header);
    viewerHeader(header);
    expect(header).toEqual(before);
  });
});
