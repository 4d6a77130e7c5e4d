import type { Actor } from "./actor.ts";

/** Why the reader looks, from the door that they used. */
export const PURPOSES = ["direct-care", "reporting", "operations", "audit"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Why somebody looks, as far as what they may do says it. */
export function purposeOf(actor: Actor): Purpose {
  if (actor.kind !== "person") return "operations";
  if (actor.activities.includes("report")) return "reporting";
  if (actor.activities.includes("review-access")) return "audit";
  return actor.activities.includes("acquire") ? "operations" : "direct-care";
}
