import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FuzzResult, fuzz, outcomeOf } from "../fixtures/fuzz.ts";
import { cutInto, pieceSizes } from "../fixtures/mutations.ts";
import { validFiles } from "../fixtures/valid-files.ts";

const SECONDS = Number(process.env.WEALD_FUZZ_SECONDS ?? 5);
const SEED = Number(process.env.WEALD_FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const MB = 1024 ** 2;

/** A long run is evidence: it is kept with the machine that it was made on. */
function record(result: FuzzResult): void {
  const folder = path.resolve(import.meta.dirname, "../../../../bench/soak");
  const machine = { cpu: cpus()[0]?.model ?? "", cores: cpus().length, node: process.version };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "fuzz-part10.json"),
    `${JSON.stringify({ date: new Date().toISOString(), machine, ...result }, undefined, 2)}\n`,
  );
}

describe("the reader under broken files", () => {
  it(
    `throws nothing but refusals, never hangs and doesn't grow, for ${SECONDS} s of mutations`,
    async () => {
      console.log(`fuzz of the Part 10 reader: ${SECONDS} s, WEALD_FUZZ_SEED=${SEED}`);
      const result = await fuzz({ seconds: SECONDS, seed: SEED });
      console.log(
        `fuzz: ${result.cases} objects, ${result.accepted} read, refused ${JSON.stringify(result.refused)}`,
      );
      expect(result.cases).toBeGreaterThan(100);
      // A fuzz that only ever hears one answer tests one line.
      expect(result.accepted).toBeGreaterThan(0);
      expect(Object.keys(result.refused).length).toBeGreaterThanOrEqual(5);
      expect(result.slowestMs).toBeLessThan(2000);
      expect(result.grownBytes).toBeLessThan(24 * MB);
      if (process.env.WEALD_SOAK) record(result);
    },
    SECONDS * 1000 + 60_000,
  );
});

describe("the valid files that fuzzing starts from", () => {
  it.each(Object.entries(validFiles))("%s: read the same however its bytes are cut", async (_name, bytes) => {
    const whole = await outcomeOf(cutInto(bytes, []));
    expect(whole.startsWith("{")).toBe(true);
    await fc.assert(
      fc.asyncProperty(pieceSizes, async (sizes) => (await outcomeOf(cutInto(bytes, sizes))) === whole),
      { numRuns: 60 },
    );
    expect(
      await outcomeOf(
        cutInto(
          bytes,
          Array.from(bytes, () => 1),
        ),
      ),
    ).toBe(whole);
  });
});
