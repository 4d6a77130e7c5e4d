import { describe, expect, it } from "vitest";
import { isShareable } from "./burned-in.ts";

const us = (value: number) => ({ vr: "US", Value: [value] });
const oneBit = (rows: number, more = {}) => ({
  "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7.1"] },
  "00280010": us(rows),
  "00280011": us(5),
  "00280100": us(1),
  "00280301": { vr: "CS", Value: ["NO"] },
  ...more,
});

describe("what goes out without its site", () => {
  it("is no frame that shares a byte with the next: it could not be laid out by itself", () => {
    expect(isShareable(oneBit(3), 2)).toBe(false);
    expect(isShareable(oneBit(3), 1)).toBe(true);
    expect(isShareable(oneBit(8), 2)).toBe(true);
    expect(isShareable(oneBit(3, { "00280100": us(8) }), 2)).toBe(true);
  });

  it("is nothing that may show text, until somebody has looked", () => {
    expect(isShareable(oneBit(8, { "00280301": { vr: "CS", Value: ["YES"] } }), 2)).toBe(false);
    const { "00280301": _said, ...unsaid } = oneBit(8);
    expect(isShareable(unsaid, 2)).toBe(false);
  });

  it("is no document", () => expect(isShareable(oneBit(8), 0)).toBe(false));
});
