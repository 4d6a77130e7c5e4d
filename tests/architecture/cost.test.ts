import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { billOf, healthImagingOf, type Inputs, keepingInYear, sum } from "../../bench/cost/bill.ts";
import { costDocument } from "../../bench/cost/cost-document.ts";
import { kept } from "../../bench/cost/read.ts";
import { scaleDocument } from "../../bench/cost/scale-document.ts";
import { ROOT } from "../runner/run-command.ts";

const { limits, coldStarts, ...inputs } = kept();
const docs = (name: string) => readFileSync(path.join(ROOT, "docs", name), "utf8");

describe("what the region's year costs, and where it breaks", () => {
  it("docs/cost.md is what the script writes from what was measured", () =>
    expect(docs("cost.md")).toBe(costDocument(inputs)));

  it("docs/scale.md is what the script writes from what was measured", () =>
    expect(docs("scale.md")).toBe(scaleDocument(inputs, limits, coldStarts)));

  it.each([...Object.entries(inputs.prices), ...Object.entries(limits)])(
    "%s has a source with its date, and says what was found",
    (_name, { found, sources, verified }) => {
      expect(found.length).toBeGreaterThan(10);
      for (const { address, date } of sources) {
        expect(address).toMatch(/^https:\/\/|^a copy without an address \(id \d+\) of /);
        expect(Date.parse(date)).not.toBeNaN();
      }
      // Nobody's memory: what isn't London's own says in words whose it is.
      if (!verified) expect(found).toMatch(/not found|in one copy/);
    },
  );

  it("the shares of kinds and of trusts are the whole", () => {
    const all = (parts: readonly { share: number }[]) => parts.reduce((whole, { share }) => whole + share, 0);
    expect(all(inputs.plan.kinds)).toBeCloseTo(1, 3);
    expect(all(inputs.plan.trusts)).toBeCloseTo(1, 6);
  });

  it("every kind was measured as it is planned, and took each step", () => {
    for (const { name, objects } of inputs.plan.kinds) {
      const kind = inputs.measured.kinds.find((one) => one.name === name);
      expect(kind?.objects).toBe(objects);
      // Sent, copied into the archive, indexed.
      expect(kind?.requests.put).toBeGreaterThanOrEqual(2 * objects);
      expect(kind?.requests.deleted).toBeGreaterThanOrEqual(objects);
      expect(kind?.rows).toBeGreaterThanOrEqual(2 * objects);
      expect(kind?.functions).toHaveProperty("ArrivalsSubscriber");
    }
  });

  it("sums by hand: one examination of 1 GiB, prices of 1", () => {
    const kind = {
      ...{
        name: "CT",
        examinations: 1,
        objects: 2,
        bytes: 2 ** 30,
        messages: 4,
        rows: 3,
        databaseBytes: 9 * 2 ** 30,
        foldedBytes: 2 ** 30,
        keptBytes: 2 ** 30,
      },
      requests: { put: 5, get: 7, deleted: 2 },
      functions: { A: { invocations: 3, ms: 2000, memoryMb: 512 } },
      opening: { ms: 1, frames: 2 },
    };
    const one: Inputs = {
      plan: {
        ...inputs.plan,
        examinations: 1,
        kinds: [{ name: "CT", share: 1, objects: 2, side: 1 }],
      },
      measured: { ...inputs.measured, kinds: [kind] },
      prices: Object.fromEntries(
        Object.entries(inputs.prices).map(([name, price]) => [name, { ...price, usd: 1 }]),
      ),
    };
    const bill = Object.fromEntries(billOf(one).map(({ name, usd }) => [name, usd]));
    expect(bill).toMatchObject({
      "Originals, S3 Standard, the first month of each": 1,
      "Originals, Glacier Instant Retrieval after it": 5,
      "S3 writes": 5,
      "S3 reads while taking in": 7,
      "S3 reads by viewers": 2 * inputs.plan.openings.count,
      "Function calls": 3,
      "Function time": 1,
      // Three writes of its own, seven reads and two deletions, each waiting in 1.5 GB.
      "Function time, waiting for S3 (assumed)": 12 * (inputs.plan.storeWait.ms / 1000) * 1.5,
      // Four messages, and each of three batches is received and deleted.
      Queues: 10,
      "Aurora's storage, the first year": 6,
    });
    expect(sum(healthImagingOf(one))).toBe(1 + 5 + 2 * inputs.plan.openings.count);
    expect(keepingInYear(one, 3)).toEqual({ standard: 30, cold: 30, healthImaging: 30 });
  });

  it("each alarm that docs/scale.md names has its runbook", () => {
    const named = [...docs("scale.md").matchAll(/`(\w+Alarm)`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(docs("runbooks.md")).toContain(`## ${name}`);
  });

  it("nothing else lies where the measurement is kept", () => {
    const files = readdirSync(path.join(ROOT, "bench/cost")).filter((name) => name.endsWith(".json"));
    expect(files.sort()).toEqual(["limits.json", "measured.json", "plan.json", "prices.json"]);
  });
});
