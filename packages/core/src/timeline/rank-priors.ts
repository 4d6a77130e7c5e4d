import { nearnessOf, PAIRED, type Region } from "./anatomy.ts";
import { compareFamilies, familiesOf } from "./modality-families.ts";

export type Side = "L" | "R" | "B" | undefined;

/** What the ranking knows of a study. */
export type Rankable = {
  studyId: string;
  regions: readonly Region[];
  side: Side;
  modalities: readonly string[];
  /** YYYY-MM-DD */
  studyDate: string | undefined;
};

export type RankedPrior<R extends Rankable> = {
  study: R;
  score: number;
  /** It is shown first; the others are one key away, with their number. */
  isRelevant: boolean;
  isOtherSide: boolean;
  isNewer: boolean;
  /** "3 y 2 m earlier" */
  interval: string | undefined;
  /** "same region and side, CT, 3 y 2 m earlier" */
  reason: string;
};

const RELEVANT = 0.5;
/** Nothing says what it shows: it may be anything, so it stands before what is known to be elsewhere. */
const UNKNOWN = 0.3;
const YEAR_DAYS = 365.25;

type Likeness = { how: number; closest: [Region, Region] | undefined };

/** By the two parts that are nearest: a scan of chest, abdomen and pelvis counts for each of them. */
function likeness(a: readonly Region[], b: readonly Region[]): Likeness {
  if (a.length === 0 || b.length === 0) return { how: UNKNOWN, closest: undefined };
  let best: Likeness = { how: 0, closest: undefined };
  for (const one of a)
    for (const other of b) {
      const how = nearnessOf(one, other);
      if (how > best.how) best = { how, closest: [one, other] };
    }
  return best;
}

/** How much of both is the same parts: between two that show the chest, the one that shows no more comes first. */
function overlap(a: readonly Region[], b: readonly Region[]): number {
  const both = a.filter((one) => b.includes(one)).length;
  const all = new Set([...a, ...b]).size;
  return all === 0 ? 0 : both / all;
}

const isSided = (regions: readonly Region[]) => regions.some((region) => PAIRED.has(region));

type SideWord = "same side" | "other side" | "side not known" | "no side";

function sideWord(current: Rankable, prior: Rankable): SideWord {
  if (!isSided(current.regions) || !isSided(prior.regions)) return "no side";
  if (!current.side || !prior.side) return "side not known";
  return current.side === prior.side || current.side === "B" || prior.side === "B"
    ? "same side"
    : "other side";
}

const SIDE_FACTOR: Record<SideWord, number> = {
  "no side": 1,
  "same side": 1,
  "side not known": 0.92,
  "other side": 0.8,
};

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** "3 y 2 m", "5 m", "12 d". */
export function spanOf(days: number): string {
  const whole = Math.abs(Math.round(days));
  if (whole < 60) return `${whole} d`;
  const months = Math.floor(whole / (YEAR_DAYS / 12));
  const [years, rest] = [Math.floor(months / 12), months % 12];
  if (years === 0) return `${months} m`;
  return rest === 0 ? `${years} y` : `${years} y ${rest} m`;
}

function intervalOf(days: number | undefined): string | undefined {
  if (days === undefined) return undefined;
  if (Math.round(days) === 0) return "the same day";
  return `${spanOf(days)} ${days > 0 ? "earlier" : "later"}`;
}

/** The older, the less; never nothing: a shadow that stood there ten years ago reassures. */
const ageFactor = (days: number | undefined): number =>
  days === undefined ? 0.85 : 0.75 + 0.25 * Math.exp(-Math.abs(days) / (5 * YEAR_DAYS));

function regionWords({ how, closest }: Likeness, side: SideWord): string {
  if (!closest) return how === UNKNOWN ? "body part not stated" : "another region";
  const [here, there] = closest;
  if (here !== there) return how >= RELEVANT ? `${there}, near the ${here}` : `${there}, another region`;
  if (side === "same side") return "same region and side";
  if (side === "other side") return "same region, OTHER SIDE";
  return side === "side not known" ? "same region, side not known" : "same region";
}

function judge<R extends Rankable>(current: Rankable, study: R): RankedPrior<R> {
  const like = likeness(current.regions, study.regions);
  const families = familiesOf(study.modalities);
  const comparable = like.how * compareFamilies(familiesOf(current.modalities), families);
  const side = sideWord(current, study);
  const days =
    current.studyDate && study.studyDate ? daysBetween(study.studyDate, current.studyDate) : undefined;
  const interval = intervalOf(days);
  const score =
    comparable * (0.9 + 0.1 * overlap(current.regions, study.regions)) * SIDE_FACTOR[side] * ageFactor(days);
  const kind = families.join(" and ") || study.modalities.join(", ") || "modality not stated";
  return {
    study,
    score,
    isRelevant: like.closest !== undefined && comparable >= RELEVANT,
    isOtherSide: side === "other side" && like.how >= RELEVANT,
    isNewer: days !== undefined && Math.round(days) < 0,
    interval,
    reason: [regionWords(like, side), kind, interval ?? "date not known"].join(", "),
  };
}

/**
 * What of a patient's other studies helps in reading this one: ranked by anatomy, kind of picture, side and age, with the
 * reason in words. Never filtered: whatever went in comes out (clinical page §9).
 */
export function rankPriors<R extends Rankable>(current: Rankable, others: readonly R[]): RankedPrior<R>[] {
  return others
    .map((study) => judge(current, study))
    .toSorted(
      (a, b) =>
        Number(b.isRelevant) - Number(a.isRelevant) ||
        b.score - a.score ||
        (b.study.studyDate ?? "").localeCompare(a.study.studyDate ?? "") ||
        a.study.studyId.localeCompare(b.study.studyId),
    );
}
