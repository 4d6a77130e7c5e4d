import type { Types } from "@cornerstonejs/core";
import type { Frame } from "../frames/registry.ts";
import { imagePlaneOf } from "../measure/image-coords.ts";
import { canvasAt, type Placed, type Turn } from "./placed.ts";

/** A part of a picture, in its pixels from its corner. */
export type Part = { left: number; top: number; right: number; bottom: number };
/** How somebody wants one picture to stand on the screen. */
export type Stance = {
  turn: Turn;
  /** What of it is to be seen; without it the whole. */
  part: Part | undefined;
  /** Screen pixels a picture pixel; without it the part is as large as it can be. */
  magnified: number | undefined;
};
/** How one picture is to be shown. `isInverse`: whether its least value is white; without it as the image says of itself. */
export type Presented = { stance: Stance | undefined; isInverse: boolean | undefined };
export type Presenting = (frame: Frame) => Presented | undefined;

export const stanceKey = (stance: Stance | undefined): string => (stance ? JSON.stringify(stance) : "");

type Vector = readonly number[];
const times = (vector: Vector, by: number) => vector.map((part) => part * by);
const plus = (a: Vector, b: Vector): Types.Point3 => [
  (a[0] ?? 0) + (b[0] ?? 0),
  (a[1] ?? 0) + (b[1] ?? 0),
  (a[2] ?? 0) + (b[2] ?? 0),
];
const cross = ([a = 0, b = 0, c = 0]: Vector, [x = 0, y = 0, z = 0]: Vector): Vector => [
  b * z - c * y,
  c * x - a * z,
  a * y - b * x,
];
const SINE: Record<Turn["degrees"], number> = { 0: 0, 90: 1, 180: 0, 270: -1 };
const COSINE: Record<Turn["degrees"], number> = { 0: 1, 90: 0, 180: -1, 270: 0 };

/** Whether this viewport draws by a camera that can be turned. Without a graphics card it does not. */
export const mayTurn = (viewport: Types.IStackViewport): boolean => {
  const actor = viewport.getActors()[0]?.actor;
  return actor !== undefined && "getMapper" in actor;
};

export type Upright = { viewUp: Vector; viewPlaneNormal: Vector };

/** How the camera stands before a picture that is as it was sent: of this picture, whatever the camera looked at before. */
export function uprightOf(imageId: string): Upright {
  const { along, down } = imagePlaneOf(imageId);
  return { viewUp: times(down, -1), viewPlaneNormal: times(cross(along, down), -1) };
}

/**
 * Turns the camera round what it looks at. The library's own flip only toggles, and forgets it when it resets: here it is
 * always set whole, from the picture as it was sent.
 */
export function turnCamera(viewport: Types.IStackViewport, upright: Upright, turn: Turn): void {
  const { focalPoint = [0, 0, 0], position = [0, 0, 0] } = viewport.getCamera();
  const distance = Math.hypot(...position.map((value, axis) => value - (focalPoint[axis] ?? 0)));
  const normal = times(upright.viewPlaneNormal, turn.isFlipped ? -1 : 1);
  const right = cross(upright.viewUp, upright.viewPlaneNormal);
  const [sine, cosine] = [SINE[turn.degrees], COSINE[turn.degrees]];
  viewport.setCamera({
    // A picture that is rotated clockwise has at its top what was at its left.
    viewUp: plus(times(upright.viewUp, cosine), times(right, -sine)),
    viewPlaneNormal: plus(normal, []),
    focalPoint: plus(focalPoint, []),
    position: plus(focalPoint, times(normal, distance)),
  });
}

type Box = { x: number; y: number; width: number; height: number };

/** Where a part of the picture lies on the canvas. */
export function boxOf(placed: Placed, { left, top, right, bottom }: Part): Box {
  const one = canvasAt(placed, { column: left, row: top });
  const other = canvasAt(placed, { column: right, row: bottom });
  return {
    x: Math.min(one[0], other[0]),
    y: Math.min(one[1], other[1]),
    width: Math.abs(other[0] - one[0]),
    height: Math.abs(other[1] - one[1]),
  };
}
