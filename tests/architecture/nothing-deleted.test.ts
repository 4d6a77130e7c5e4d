import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";

/** Where a record could be taken away from: everything that runs in the region. */
const PLACES = ["packages/core/src", "packages/adapters/src", "apps/lambdas/src", "apps/web/src/server"];
const FORBIDDEN = [
  { what: "deletes rows", pattern: /\.(delete|deleteMany)\(\s*\{|\bDELETE\s+FROM\b|\bTRUNCATE\b/i },
  { what: "deletes from the archive", pattern: /\barchive\b[\s\S]{0,40}\.delete\(/ },
];

/** Work lists, not records: each with why. */
const MAY: Record<string, string> = {
  "packages/adapters/src/queue/postgres.ts":
    "the local queue takes a message away once it was handled, as SQS does",
};

const faultsIn = (source: string) =>
  FORBIDDEN.filter(({ pattern }) => pattern.test(source)).map(({ what }) => what);
const files = PLACES.flatMap((place) =>
  readdirSync(path.join(ROOT, place), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => path.join(place, file)),
);

describe("nothing is deleted (clinical page §23)", () => {
  it("no action, store, adapter or function takes away a record or an object of the archive", () => {
    expect(files.length).toBeGreaterThan(150);
    const found = files.flatMap((file) =>
      faultsIn(readFileSync(path.join(ROOT, file), "utf8")).map((what) => `${file}: ${what}`),
    );
    expect(found.filter((one) => !Object.keys(MAY).some((file) => one.startsWith(`${file}:`)))).toEqual([]);
  });
  it.each([
    ["await databaseOf(tx).study.deleteMany({ where })", ["deletes rows"]],
    ["await db.series.delete({ where: { id } })", ["deletes rows"]],
    ["await db.$executeRaw`DELETE FROM instance WHERE id = 1`", ["deletes rows"]],
    ["await ctx.service.ports.archive.delete(key)", ["deletes from the archive"]],
    ["await ctx.service.ports.inbox.delete(key)", []],
  ])("this check sees %s", (source, faults) => expect(faultsIn(source)).toEqual(faults));
});
