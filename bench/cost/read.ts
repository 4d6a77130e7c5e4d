import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ColdStarts, Limits, Measured, Plan, Prices } from "./types.ts";

const json = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, name), "utf8"));

/** Of a bench, the last that is kept. */
function lastOf(bench: string): unknown {
  const results = path.join(import.meta.dirname, "../results");
  const last = readdirSync(results)
    .filter((name) => name.startsWith(`${bench}-2`))
    .sort()
    .at(-1);
  if (!last) throw new Error(`no result of bench ${bench} is kept`);
  return JSON.parse(readFileSync(path.join(results, last), "utf8"));
}

/** What is kept beside this file. */
export const kept = () => ({
  plan: Plan.parse(json("plan.json")),
  measured: Measured.parse(json("measured.json")),
  prices: Prices.parse(json("prices.json")),
  limits: Limits.parse(json("limits.json")),
  coldStarts: ColdStarts.parse(lastOf("cold-start")),
});
