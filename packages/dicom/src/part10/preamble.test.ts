import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { explicitLittle, fileOf, inPieces, pictureOf, pixelElement, streamOf } from "../fixtures/elements.ts";
import { polyglotPreamble } from "../fixtures/threats.ts";
import { EXPLICIT_LITTLE } from "../transfer-syntax.ts";
import { readPart10 } from "./read-part10.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const file = fileOf(
  EXPLICIT_LITTLE,
  pictureOf(explicitLittle),
  pixelElement(explicitLittle, new Uint8Array(8)),
);

function withPreamble(start: readonly number[]): Buffer {
  const copy = Buffer.from(file);
  copy.set(start);
  return copy;
}

describe("the 128 bytes in front", () => {
  it("zero: stored as received", async () => {
    const { preamble, sha256Received, sha256Stored, sizeBytes } = await readPart10(streamOf(file));
    expect(preamble).toEqual({ bytes: new Uint8Array(128), mustClear: false });
    expect(sha256Received).toBe(sha256(file));
    expect(sha256Stored).toBe(sha256Received);
    expect(sizeBytes).toBe(file.length);
  });

  it.each([
    ["little endian", [0x49, 0x49, 0x2a, 0]],
    ["big endian", [0x4d, 0x4d, 0, 0x2a]],
  ])("a TIFF header (%s) is a picture's and stays", async (_what, start) => {
    const bytes = withPreamble(start);
    const { preamble, sha256Received, sha256Stored } = await readPart10(streamOf(bytes));
    expect(preamble?.mustClear).toBe(false);
    expect(sha256Received).toBe(sha256(bytes));
    expect(sha256Stored).toBe(sha256Received);
  });

  it.each([
    ["a Windows program", polyglotPreamble()],
    ["an ELF program", withPreamble([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])],
    ["a shell script", withPreamble([...Buffer.from("#!/bin/sh\n")])],
    ["a single byte at its end", withPreamble([...Buffer.alloc(127), 1])],
  ])("%s is cleared in what is stored, kept aside, and both sums are told", async (_what, bytes) => {
    for (const size of [1, 131, bytes.length]) {
      const { preamble, sha256Received, sha256Stored } = await readPart10(inPieces(bytes, size));
      expect(preamble?.mustClear).toBe(true);
      expect(Buffer.from(preamble?.bytes ?? []).equals(bytes.subarray(0, 128))).toBe(true);
      expect(sha256Received).toBe(sha256(bytes));
      expect(sha256Stored).toBe(sha256(Buffer.concat([Buffer.alloc(128), bytes.subarray(128)])));
    }
  });

  it("an object that has none is stored as received", async () => {
    const bare = file.subarray(132);
    const { preamble, sha256Received, sha256Stored } = await readPart10(streamOf(bare));
    expect(preamble).toBeUndefined();
    expect(sha256Stored).toBe(sha256Received);
    expect(sha256Received).toBe(sha256(bare));
  });
});
