/** Complete is a fact with a source (clinical page §5). The incomplete never looks complete. */
export type Completeness = {
  state: "arriving" | "quiet" | "complete" | "short";
  /** What stands in lists and viewports: "137 of 300", "80, complete by the source's count". */
  text: string;
};

export type SeriesCount = {
  instanceCount: number;
  missingCount: number;
  /** Received and not served here: rejected, or moved to another study. */
  setAsideCount?: number;
  expectedCount: number | undefined;
  expectedSource: string | undefined;
  isSettled: boolean;
};

/** A person's check of the whole study: it holds only for the number that they saw. */
export type Confirmation = { source: string; count: number } | undefined;

/** What was taken out by a correction is said, so that the number is not taken for all that came. */
const aside = (count: number) => (count === 0 ? "" : ` and ${count} set aside`);

const images = (count: number) => (count === 1 ? "1 image" : `${count} images`);

export function completenessOfSeries(series: SeriesCount): Completeness {
  const { instanceCount, expectedCount, missingCount } = series;
  const setAside = series.setAsideCount ?? 0;
  const received = instanceCount + setAside;
  const isShortOfCount = expectedCount !== undefined && received < expectedCount;
  const counted = isShortOfCount
    ? `${instanceCount} of ${expectedCount}${aside(setAside)}`
    : `${images(instanceCount)}${aside(setAside)}`;
  if (!series.isSettled) return { state: "arriving", text: `${counted}, arriving` };
  if (isShortOfCount) return { state: "short", text: `${counted}, short by ${expectedCount - received}` };
  if (missingCount > 0) return { state: "short", text: `${counted}, ${missingCount} missing between them` };
  // More than the source counted: its count speaks of something else (one acquisition of several), and proves nothing.
  if (expectedCount === received)
    return { state: "complete", text: `${counted}, complete by ${series.expectedSource ?? "the source"}` };
  return { state: "quiet", text: `${counted}, quiet, not confirmed` };
}

const ORDER = ["arriving", "short", "quiet", "complete"] as const;

export function completenessOfStudy(
  series: readonly SeriesCount[],
  confirmation: Confirmation,
): Completeness {
  const total = series.reduce((sum, one) => sum + one.instanceCount, 0);
  const states = series.map(completenessOfSeries);
  const worst = ORDER.find((state) => states.some((one) => one.state === state)) ?? "quiet";
  if (worst === "arriving") return { state: worst, text: `${countText(series)}, arriving` };
  if (worst === "short") return { state: worst, text: shortText(series) };
  const setAside = aside(asideOf(series));
  if (worst === "complete")
    return { state: worst, text: `${images(total)}${setAside}, complete by ${sourceOf(series)}` };
  // A check holds for what was there: images that came after it make the study unconfirmed again.
  if (confirmation && confirmation.count === total)
    return { state: "complete", text: `${images(total)}${setAside}, complete by ${confirmation.source}` };
  return { state: "quiet", text: `${images(total)}${setAside}, quiet, not confirmed` };
}

/** Counts of several sources are told as what they have in common. */
const sourceOf = (series: readonly SeriesCount[]): string =>
  series.every(({ expectedSource }) => expectedSource === "MPPS") ? "MPPS" : "the source's count";

const expectedOf = (series: readonly SeriesCount[]) =>
  series.reduce(
    (sum, one) =>
      sum +
      Math.max((one.expectedCount ?? 0) - (one.setAsideCount ?? 0), one.instanceCount + one.missingCount),
    0,
  );

const asideOf = (series: readonly SeriesCount[]) =>
  series.reduce((sum, one) => sum + (one.setAsideCount ?? 0), 0);

function countText(series: readonly SeriesCount[]): string {
  const total = series.reduce((sum, one) => sum + one.instanceCount, 0);
  const expected = expectedOf(series);
  return `${expected > total ? `${total} of ${expected}` : images(total)}${aside(asideOf(series))}`;
}

function shortText(series: readonly SeriesCount[]): string {
  const total = series.reduce((sum, one) => sum + one.instanceCount, 0);
  return `${countText(series)}, short by ${expectedOf(series) - total}`;
}

/** How many are missing inside a row of instance numbers, from the first that is there to the last. */
function missingNumbers(numbers: readonly number[]): number {
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const [first, last] = [distinct[0], distinct.at(-1)];
  return first === undefined || last === undefined ? 0 : last - first + 1 - distinct.length;
}

/** How many slices are missing inside an evenly spaced stack: a step of n spacings lacks n − 1. */
function missingSlices(positions: readonly number[]): number {
  const sorted = [...new Set(positions)].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((position, index) => position - (sorted[index] ?? position));
  const median = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  if (steps.length < 3 || median <= 0) return 0;
  return steps.reduce((sum, step) => sum + Math.max(0, Math.round(step / median) - 1), 0);
}

/** Instance numbers start where a scanner likes, and some count in hundreds: a row with more holes than images says nothing. */
export function missingBetween(
  instances: readonly { instanceNumber: number | undefined; slicePosition: number | undefined }[],
): number {
  const numbers = instances.flatMap(({ instanceNumber }) =>
    instanceNumber === undefined ? [] : [instanceNumber],
  );
  const positions = instances.flatMap(({ slicePosition }) =>
    slicePosition === undefined ? [] : [slicePosition],
  );
  const byNumber = numbers.length === instances.length ? missingNumbers(numbers) : 0;
  const bySlice = positions.length === instances.length ? missingSlices(positions) : 0;
  return Math.max(byNumber <= instances.length ? byNumber : 0, bySlice <= instances.length ? bySlice : 0);
}
