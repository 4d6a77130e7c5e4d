import type { Frame } from "../frames/registry.ts";
import { number } from "../header.ts";
import { areParallel, dot, type Plane, planesOf, type Vector } from "../link/planes.ts";

/** A stack whose slices lie at equal distances, in the order of their normal; undefined where one is missing. */
export type Volume = {
  kind: "volume";
  slices: readonly (Frame | undefined)[];
  /** Of the first slice. */
  plane: Plane;
  spacingMm: number;
};
export type NoVolume = { kind: "none"; why: string };

const FEWEST = 8;
const TOLERANCE = 0.1;
const MOST_MISSING = 50;
const none = (why: string): NoVolume => ({ kind: "none", why: `Other planes can't be computed: ${why}.` });

type Slice = { frame: Frame; plane: Plane; depth: number };

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** How far two slices are shifted against each other in their own plane. */
function shiftOf(a: Plane, b: Plane): number {
  const apart = minus(b.origin, a.origin);
  return Math.hypot(dot(apart, a.along), dot(apart, a.down));
}

const isAlike = (a: Plane, b: Plane): boolean =>
  a.rows === b.rows &&
  a.columns === b.columns &&
  a.rowMm === b.rowMm &&
  a.columnMm === b.columnMm &&
  areParallel(a, b);

function sorted(frames: readonly Frame[]): Slice[] | NoVolume {
  const planes = planesOf(frames);
  const [first] = planes;
  const slices = frames.flatMap((frame, at): Slice[] => {
    const plane = planes[at];
    return plane && first ? [{ frame, plane, depth: dot(plane.origin, first.normal) }] : [];
  });
  if (!first || slices.length < frames.length) return none("not every image says where it lies");
  if (slices.some(({ plane }) => !isAlike(plane, first)))
    return none("its images differ in size, spacing or direction");
  return slices.sort((a, b) => a.depth - b.depth);
}

/** Each slice with what is missing before it. Nothing is put in between where the distances are no multiple of one. */
function spaced(slices: readonly Slice[]): Volume | NoVolume {
  const gaps = slices.slice(1).map(({ depth }, at) => depth - (slices[at]?.depth ?? 0));
  const spacingMm = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const [first] = slices;
  if (!first || gaps.some((gap) => gap < spacingMm * TOLERANCE))
    return none("several images lie in one place");
  const filled: (Frame | undefined)[] = [first.frame];
  for (const [at, gap] of gaps.entries()) {
    const [before, after] = [slices[at], slices[at + 1]];
    const steps = Math.round(gap / spacingMm);
    if (!before || !after || steps < 1 || Math.abs(gap - steps * spacingMm) > TOLERANCE * spacingMm)
      return none("its slices lie at unequal distances");
    if (shiftOf(before.plane, after.plane) > TOLERANCE * gap)
      return none("its slices are tilted against their direction");
    filled.push(...Array.from({ length: steps - 1 }, () => undefined), after.frame);
  }
  if (filled.length - slices.length > MOST_MISSING) return none("too many of its slices are missing");
  return { kind: "volume", slices: filled, plane: first.plane, spacingMm };
}

/** A series as a volume, or why it is none (clinical page §5: what is missing is never made up). */
export function volumeOf(frames: readonly Frame[]): Volume | NoVolume {
  if (frames.length < FEWEST) return none(`a volume has ${FEWEST} slices at least`);
  if (frames.some(({ instance }) => number(instance.header, "00280002") !== 1))
    return none("its images are in colour");
  const slices = sorted(frames);
  return "kind" in slices ? slices : spaced(slices);
}
