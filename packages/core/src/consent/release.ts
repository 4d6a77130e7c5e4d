import type { Recipient } from "./link.ts";

/**
 * When a patient may see a study (clinical page §18). One function for images, report, previews and downloads: what it doesn't
 * open is open by no door.
 */
export type Rule = { kind: "at-once" } | { kind: "after-days"; days: number } | { kind: "after-told" };

export type ReleaseFacts = {
  /** The trust's rule for this kind of study. */
  rule: Rule | undefined;
  completeness: "arriving" | "quiet" | "complete" | "short";
  /** Marks of the patient, anybody's. */
  sensitivities: readonly string[];
  isScreening: boolean;
  /** By its procedure it was made because somebody may have hurt them. */
  isSuspectedAbuse: boolean;
  isHeldByHand: boolean;
  isNotToProxies: boolean;
  recipient: Recipient;
  /** Whose link it is, or from whom it was passed on, is a proxy. */
  isByProxy: boolean;
  hasReport: boolean;
  studiedAt: Date;
  /** The report's first final version. */
  finalAt: Date | undefined;
  /** When the newest alert or pathway was flagged; `undefined`: none. */
  flaggedAt: Date | undefined;
  toldAt: Date | undefined;
  callsFirst: boolean;
};

/** Held for a while, each with what would lift it. Staff see them; the patient never does. */
export const HELD = [
  "no-rule",
  "arriving",
  "short",
  "held-by-hand",
  "not-to-proxies",
  "alert",
  "call-first",
  "not-told",
  "too-early",
  "not-reported",
] as const;
/** For good. A refusal that looks like any other. */
export const NEVER = ["restricted", "screening", "suspected-abuse"] as const;
export type HeldWhy = (typeof HELD)[number];
export type NeverWhy = (typeof NEVER)[number];

export type Release =
  | { state: "open" }
  | { state: "held"; why: readonly HeldWhy[]; until: Date | undefined }
  | { state: "never"; why: readonly NeverWhy[] };

/** Of these nothing goes out by a link, whoever asks (clinical page §13). */
export const EXCLUDED: readonly string[] = ["safeguarding", "forensic", "sexual-health", "s-flag"];
const DAY = 86_400_000;

function neverFor({ sensitivities, isScreening, isSuspectedAbuse }: ReleaseFacts): NeverWhy[] {
  return [
    ...(sensitivities.some((one) => EXCLUDED.includes(one)) ? (["restricted"] as const) : []),
    ...(isScreening ? (["screening"] as const) : []),
    ...(isSuspectedAbuse ? (["suspected-abuse"] as const) : []),
  ];
}

/** From when the days count: the report's, or without one the study's. `undefined`: the report isn't there. */
const countedFrom = ({ hasReport, studiedAt, finalAt }: ReleaseFacts): Date | undefined =>
  hasReport ? finalAt : studiedAt;

function opensAt(facts: ReleaseFacts): Date | undefined {
  const from = countedFrom(facts);
  if (facts.rule?.kind !== "after-days" || !from) return undefined;
  return new Date(from.getTime() + facts.rule.days * DAY);
}

function heldByRule(facts: ReleaseFacts, now: Date): HeldWhy[] {
  const { rule, toldAt } = facts;
  if (!rule) return ["no-rule"];
  if (rule.kind === "after-told") return toldAt ? [] : ["not-told"];
  if (rule.kind === "at-once") return [];
  const at = opensAt(facts);
  if (!at) return ["not-reported"];
  return at > now ? ["too-early"] : [];
}

/** A flag stands until somebody has told the patient after it came. */
const isFlagged = ({ flaggedAt, toldAt }: ReleaseFacts): boolean =>
  flaggedAt !== undefined && (toldAt === undefined || toldAt < flaggedAt);

const heldFor = (facts: ReleaseFacts, now: Date): HeldWhy[] => {
  const { completeness, isHeldByHand, isNotToProxies, recipient, isByProxy, callsFirst, toldAt } = facts;
  return [
    ...heldByRule(facts, now),
    ...(completeness === "arriving" || completeness === "short" ? [completeness] : []),
    ...(isHeldByHand ? (["held-by-hand"] as const) : []),
    ...(isNotToProxies && (recipient === "proxy" || isByProxy) ? (["not-to-proxies"] as const) : []),
    ...(isFlagged(facts) ? (["alert"] as const) : []),
    ...(callsFirst && !toldAt ? (["call-first"] as const) : []),
  ];
};

export function decideRelease(facts: ReleaseFacts, now: Date): Release {
  const never = neverFor(facts);
  if (never.length > 0) return { state: "never", why: never };
  const why = heldFor(facts, now);
  if (why.length === 0) return { state: "open" };
  return { state: "held", why, until: why.includes("too-early") ? opensAt(facts) : undefined };
}
