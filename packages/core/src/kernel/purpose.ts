import type { Actor } from "./actor.ts";

/** For what an agreement may let data be used. */
export const PURPOSES = ["direct-care", "reporting", "operations", "audit"] as const;
/** Why the reader looks, from the door that they used. An emergency is nobody's to agree on, nor is what a patient asks of their own. */
export type Purpose = (typeof PURPOSES)[number] | "emergency" | "patient";

/** Why somebody looks, as far as what they may do says it: their own list's, where nothing finer is known. */
export function purposeOf(actor: Actor): Purpose {
  if (actor.kind === "patient") return "patient";
  if (actor.kind !== "person") return "operations";
  if (actor.activities.includes("report") || actor.activities.includes("report-sent")) return "reporting";
  if (actor.activities.includes("review-access")) return "audit";
  return actor.activities.includes("acquire") ? "operations" : "direct-care";
}
