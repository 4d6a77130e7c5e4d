import type { Frame } from "../frames/registry.ts";
import { areParallel, dot, type Plane, planesOf, type Vector } from "./planes.ts";

/** `position`: one frame of reference. `location`: as far from where both were set level. `order`: as far through the stack. */
export type MatchedBy = "position" | "location" | "order";
export type Match = { index: number; by: MatchedBy };
type Stack = readonly Frame[];
/** Two places that a reader set level. Without them the middles of the two stacks are. */
export type Level = { from: number; to: number };

const depthsOf = (planes: readonly Plane[], normal: Vector): number[] =>
  planes.map(({ origin }) => dot(origin, normal));
const middleOf = (depths: readonly number[]): number => (Math.min(...depths) + Math.max(...depths)) / 2;

function nearest(depths: readonly number[], wanted: number): number {
  let best = 0;
  for (const [index, depth] of depths.entries())
    if (Math.abs(depth - wanted) < Math.abs((depths[best] ?? 0) - wanted)) best = index;
  return best;
}

const whole = (planes: readonly (Plane | undefined)[]): readonly Plane[] | undefined => {
  const all = planes.filter((plane) => plane !== undefined);
  return all.length === planes.length && all.length > 0 ? all : undefined;
};

function matchPlanes(
  from: readonly Plane[],
  at: number,
  to: readonly Plane[],
  level: Level | undefined,
): Match | undefined {
  const [here, there] = [from[at], to[0]];
  if (!here || !there || !areParallel(here, there)) return undefined;
  const [mine, theirs] = [depthsOf(from, here.normal), depthsOf(to, here.normal)];
  const depth = mine[at] ?? 0;
  if (here.frameOfReference !== undefined && here.frameOfReference === there.frameOfReference)
    return { index: nearest(theirs, depth), by: "position" };
  const base = level ? (mine[level.from] ?? 0) : middleOf(mine);
  const goal = level ? (theirs[level.to] ?? 0) : middleOf(theirs);
  return { index: nearest(theirs, goal + depth - base), by: "location" };
}

/** Where in another stack the same place lies; undefined where nothing says. */
export function matchPlace(from: Stack, at: number, to: Stack, level?: Level): Match | undefined {
  if (from.length === 0 || to.length === 0) return undefined;
  const [mine, theirs] = [planesOf(from), planesOf(to)];
  const [a, b] = [whole(mine), whole(theirs)];
  if (a && b) return matchPlanes(a, at, b, level);
  // One has places and the other none: their order says nothing of it.
  if (mine.some(Boolean) || theirs.some(Boolean) || from.length < 2 || to.length < 2) return undefined;
  return { index: Math.round((at / (from.length - 1)) * (to.length - 1)), by: "order" };
}
