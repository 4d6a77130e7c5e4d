import { readFileSync } from "node:fs";
import path from "node:path";
import { Limits, Measured, Plan, Prices } from "./types.ts";

const json = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, name), "utf8"));

/** What is kept beside this file. */
export const kept = () => ({
  plan: Plan.parse(json("plan.json")),
  measured: Measured.parse(json("measured.json")),
  prices: Prices.parse(json("prices.json")),
  limits: Limits.parse(json("limits.json")),
});
