import { GLASS } from "./reading.policy.ts";

export { GLASS };
/** One key from a short list; `other` wants words. */
export const GLASS_REASONS = [
  "life-at-risk",
  "urgent-care",
  "patient-asks",
  "duty-to-protect",
  "other",
] as const;
export type GlassReason = (typeof GLASS_REASONS)[number];
export const GLASS_OUTCOMES = ["justified", "not-justified", "follow-up"] as const;
export type GlassOutcome = (typeof GLASS_OUTCOMES)[number];

export const GLASS_HOURS = 4;
/** A proof of who one is counts as fresh for so long. */
export const FRESH_SECONDS = 120;

export type Proof = "fresh" | "stale" | "provider-away";
