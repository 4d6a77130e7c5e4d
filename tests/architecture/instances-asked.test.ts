import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";

/** Where images are read. A folded one has no row (docs/adr/0032): who asks the table alone would not see it. */
const PLACES = ["packages/core/src", "apps/lambdas/src", "apps/web/src/server"];
const ASKS =
  /\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:instance|packed_instance)\b|\.(?:packedInstance|instance)\.(?:find|count|aggregate|group|update|create)/g;

/** How often each may, and why. */
const MAY: Record<string, { asks: number; why: string }> = {
  "packages/core/src/study/study.store.ts": {
    asks: 8,
    why: "takes images in, and replaces one that was unfolded; moved and derived ones are never folded",
  },
  "packages/core/src/study/correcting.store.ts": {
    asks: 3,
    why: "rejects and moves what was unfolded; overlaid images are never folded",
  },
  "packages/core/src/study/held.store.ts": { asks: 1, why: "images under UIDs of ours are never folded" },
  "packages/core/src/study/of-record.store.ts": {
    asks: 1,
    why: "images that overlays correct are never folded",
  },
  "packages/core/src/study/of-patient.store.ts": { asks: 1, why: "a folded series says so itself" },
  "packages/core/src/study/settling.store.ts": {
    asks: 2,
    why: "what came just now has rows; moved images are never folded",
  },
  "packages/core/src/study/pack.store.ts": { asks: 2, why: "publishing unfolds the series before" },
};

const asksIn = (source: string) => source.match(ASKS)?.length ?? 0;
const files = PLACES.flatMap((place) =>
  readdirSync(path.join(ROOT, place), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => path.join(place, file)),
);

describe("images are asked for by `weald.instances_of` and its kin", () => {
  it("no store reads the table of rows alone, but where what it seeks is never folded", () => {
    const found = files
      .map((file) => [file, asksIn(readFileSync(path.join(ROOT, file), "utf8"))] as const)
      .filter(([, asks]) => asks > 0);
    const may = Object.entries(MAY).map(([file, { asks }]) => [file, asks] as const);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(may));
  });
  it.each([
    ["SELECT 1 FROM instance i WHERE i.id = 1", 1],
    ["study s JOIN instance i ON true", 1],
    ["await databaseOf(tx).instance.findMany({ where })", 1],
    ["SELECT f.frames FROM packed_instance f", 1],
    ["SELECT 1 FROM weald.instances_of(e.id) i", 0],
    ["SELECT 1 FROM instance_superseded", 0],
  ])("this check sees %s", (source, asks) => expect(asksIn(source)).toBe(asks));
});
