import type { View } from "../stack/stack-controller.ts";

/** What fingers on a picture mean. Pure: positions are CSS pixels from the middle of the picture. */
export type Point = { x: number; y: number };

export const LARGEST = 8;
export const CLOSER = 2.5;
const WHOLE: View = { zoom: 1, x: 0, y: 0 };
/** Fewer pixels of a finger's way a picture, the longer the series; never so few that one can't stop at one. */
const [SHORTEST_STEP, LONGEST_STEP] = [5, 48];

export const isEnlarged = ({ zoom }: View): boolean => zoom > 1.01;

export const stepOf = (height: number, count: number): number =>
  Math.max(SHORTEST_STEP, Math.min(LONGEST_STEP, (height * 0.9) / Math.max(1, count)));

/** The picture never leaves the screen: its edge stops at the middle at most. */
function held({ zoom, x, y }: View): View {
  const most = zoom / 2;
  const within = (value: number) => Math.max(-most, Math.min(most, value));
  return { zoom, x: within(x), y: within(y) };
}

/** Larger or smaller by a factor, so that what lies under a point stays there. Never smaller than the whole. */
export function enlarged({ zoom, x, y }: View, factor: number, at: Point, height: number): View {
  const next = Math.max(1, Math.min(LARGEST, zoom * factor));
  if (next <= 1.01) return WHOLE;
  const by = next / zoom;
  const [px, py] = [at.x / height, at.y / height];
  return held({ zoom: next, x: px - (px - x) * by, y: py - (py - y) * by });
}

export const moved = ({ zoom, x, y }: View, by: Point, height: number): View =>
  held({ zoom, x: x + by.x / height, y: y + by.y / height });

/** Twice tapped: closer to that place, or the whole again. */
export const tapped = (view: View, at: Point, height: number): View =>
  isEnlarged(view) ? WHOLE : enlarged(view, CLOSER, at, height);

export const middleOf = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
export const apart = (a: Point, b: Point): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));

/** How many pictures on: up and to the left is forward, as one turns pages and scrolls. */
export function stepsOf(way: Point, step: number): number {
  const along = Math.abs(way.x) > Math.abs(way.y) ? -way.x : -way.y;
  return Math.trunc(along / step);
}

/** One notch of a wheel is some hundred pixels or three lines; a trackpad tells a few pixels at a time. */
const WHEEL_STEP = 40;
const [LINE, PAGE] = [40, 800];

/** In CSS pixels: a browser may tell lines, or pages. */
export const turnOf = ({ deltaY, deltaMode }: Pick<WheelEvent, "deltaY" | "deltaMode">): number =>
  deltaY * ([1, LINE, PAGE][deltaMode] ?? 1);

/** `turned`: what is no step yet. `isOurs`: there is a picture that way; where there is none the page scrolls. */
export type Wheeled = { turned: number; step: -1 | 0 | 1; isOurs: boolean };

/** A turn of the wheel: one picture on or back, however far it was. */
export function wheeled(
  turned: number,
  by: number,
  { index, count }: { index: number; count: number },
): Wheeled {
  const isOurs = by > 0 ? index < count - 1 : by < 0 && index > 0;
  if (!isOurs) return { turned: 0, step: 0, isOurs };
  const sum = turned * by > 0 ? turned + by : by;
  if (Math.abs(sum) < WHEEL_STEP) return { turned: sum, step: 0, isOurs };
  return { turned: 0, step: sum > 0 ? 1 : -1, isOurs };
}
