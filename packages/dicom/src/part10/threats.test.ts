import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type LargeObject, offsetOf } from "../fixtures/large-object.ts";
import { threats } from "../fixtures/threats.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../fixtures");
const ROOT = path.resolve(import.meta.dirname, "../../../..");
const MB = 1024 ** 2;
/**
 * What a bomb may cost is what the collector leaves lying, never what the bomb unpacks to (gigabytes): some 100 MB of chunks that are
 * not collected yet, and over a whole process the heap that `measured` allows, its young generation and such chunks.
 * The smallest function that reads Part 10 has 1,024 MB (infra/ingest.ts).
 */
const ONE_MB = 144;
/**
 * On a free processor each takes under a second (the slowest is printed). One that others use too does less in a second of a process's own
 * time, so what is asserted is that nothing goes on with the length of what was sent, which has no end.
 */
const ENDS_WITHIN_MS = 5000;
const ALL_MB = 384;
const run = promisify(execFile);

/** A process of its own, with little heap: its highest memory is that of the reader. */
async function measured(script: string, ...args: string[]): Promise<string> {
  const flags = ["--max-old-space-size=192", "--import", "tsx"];
  const { stdout } = await run(process.execPath, [...flags, path.join(FIXTURES, script), ...args], {
    cwd: ROOT,
  });
  return stdout;
}

describe("objects made to harm", () => {
  type Cost = { name: string; code?: string; cpuMs: number; grownBytes: number };
  let costs: Cost[];
  beforeAll(async () => {
    const lines = (await measured("measure-threats.mjs")).trimEnd().split("\n");
    costs = lines.map((line): Cost => JSON.parse(line));
    const slowest = costs.reduce((most, cost) => (cost.cpuMs > most.cpuMs ? cost : most));
    console.log(
      `objects made to harm: the slowest took ${slowest.cpuMs} ms of a processor (${slowest.name})`,
    );
  });
  const costOf = (name: string) => costs.find((cost) => cost.name === name);

  it.each(Object.entries(threats))(
    "%s: told by its code, its time bounded, memory flat",
    (name, { code }) => {
      const cost = costOf(name);
      expect(cost?.code).toBe(code);
      expect(cost?.cpuMs).toBeLessThan(ENDS_WITHIN_MS);
      expect(cost?.grownBytes).toBeLessThan(ONE_MB * MB);
    },
  );

  it(`all of them together grow the process by no more than ${ALL_MB} MB`, () => {
    expect(costs).toHaveLength(Object.keys(threats).length);
    expect(costs.reduce((sum, { grownBytes }) => sum + grownBytes, 0)).toBeLessThan(ALL_MB * MB);
  });
});

describe("a large object", () => {
  // `npm run soak` goes over 4 GB, where 32-bit offsets end.
  const object: LargeObject = { frames: process.env.WEALD_SOAK ? 560 : 48, frameBytes: 8 * MB };

  it("passes in bounded memory, and its last frame is found where it lies", {
    timeout: 600_000,
  }, async () => {
    const { frames, frameBytes } = object;
    const told = JSON.parse(await measured("measure-large.mjs", String(frames), String(frameBytes)));
    console.log(
      `large object: ${(told.sizeBytes / MB).toFixed(0)} MB read, ${(told.grownBytes / MB).toFixed(0)} MB more memory`,
    );
    expect(told.frames).toBe(frames);
    expect(told.last).toEqual({ offset: offsetOf(object, frames - 1), length: frameBytes });
    expect(told.grownBytes).toBeLessThan(96 * MB);
  });
});
