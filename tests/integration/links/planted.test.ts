import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { FAULTS } from "./planted/faults.ts";

const run = promisify(execFile);
const RUN = path.join(import.meta.dirname, "planted/run-planted.ts");
const Said = z.array(
  z.object({
    fault: z.string(),
    loads: z.array(z.string()),
    tests: z.array(z.object({ name: z.string(), state: z.string(), errors: z.array(z.string()) })),
  }),
);
/** A dozen tests, most with a region of their own: three minutes, and more on a machine that has other things to do. */
const RUN_MS = 900_000;

/** What guards a patient's link is guarded itself: each test below is run with a fault in what it tests, and must see it. */
describe("planted into what guards a link,", () => {
  let said: z.output<typeof Said>;
  beforeAll(async () => {
    const { stdout } = await run(process.execPath, ["--import", "tsx", RUN], {
      ...{ timeout: RUN_MS, maxBuffer: 64 * 1024 ** 2 },
      // A worker of its own: nothing of this one's.
      env: { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined },
    });
    said = Said.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  }, RUN_MS);

  it.each(FAULTS)("$name is seen", ({ name, seenBy }) => {
    const ran = said.filter(({ fault }) => fault === name);
    expect(ran.flatMap(({ loads }) => loads)).toEqual([]);
    const tests = ran.flatMap((one) => one.tests);
    const test = tests.find((one) => one.name === seenBy.test);
    expect(test?.state, JSON.stringify(tests)).toBe("failed");
    // By what it states, not by a region that doesn't stand.
    expect(test?.errors.join("\n")).toMatch(/^AssertionError|^Error: Property failed/);
  });
});
