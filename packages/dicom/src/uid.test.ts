import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DicomError } from "./errors.ts";
import { acceptUid, mintUid } from "./uid.ts";

describe("UIDs", () => {
  it.each(["1.2.840.10008.1.2", "0.1", "1.02.3", "1.2.", " 1.2.3 ", "1".repeat(64)])(
    "%j may be a key",
    (text) => {
      expect(acceptUid(text)).toBe(text.trim());
    },
  );

  it.each([
    "",
    ".",
    ".1",
    "1..2",
    "../../etc/passwd",
    "1.2/3",
    "1.2\\3",
    "1.2.3\n4",
    "1.2.3\0",
    "1.2%2e",
    "1.2.a",
    "1".repeat(65),
    "１.２",
  ])("%j may not: it could climb a path", (text) => {
    expect(() => acceptUid(text)).toThrow(expect.objectContaining({ code: "UID_INVALID" }));
  });

  it("whatever is accepted is digits and single dots, at most 64", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9./ ]{0,70}$/)), (text) => {
        try {
          expect(acceptUid(text)).toMatch(/^[0-9](\.?[0-9])*\.?$/);
        } catch (error) {
          expect(error).toBeInstanceOf(DicomError);
        }
      }),
    );
  });

  it("a minted UID is valid by the standard and never the same", () => {
    const minted = Array.from({ length: 500 }, () => mintUid());
    expect(new Set(minted).size).toBe(500);
    for (const uid of minted) {
      expect(uid).toMatch(/^2\.25\.(0|[1-9][0-9]*)$/);
      expect(uid.length).toBeLessThanOrEqual(64);
      expect(BigInt(uid.slice(5))).toBeLessThan(2n ** 128n);
    }
  });
});
