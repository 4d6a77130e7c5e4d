import type { Types } from "@cornerstonejs/core";
import { placeAt, worldAt } from "../measure/image-coords.ts";
import type { Point } from "../measure/spacing.ts";

/** How somebody looked at a picture: how near, and at which place of it. The same on a screen of another size. */
export type Look = { zoom: number; middle: Point };

export function lookOf(viewport: Types.IStackViewport): Look | undefined {
  const imageId = viewport.getCurrentImageId();
  if (!imageId) return undefined;
  const { clientWidth, clientHeight } = viewport.element;
  const world = viewport.canvasToWorld([clientWidth / 2, clientHeight / 2]);
  return { zoom: viewport.getZoom(), middle: placeAt(imageId, world) };
}

type Plus = (from: Types.Point3 | undefined) => Types.Point3;

export function lookAs(viewport: Types.IStackViewport, { zoom, middle }: Look): void {
  const imageId = viewport.getCurrentImageId();
  if (!imageId) return;
  const world = worldAt(imageId, middle);
  viewport.resetCamera();
  viewport.setZoom(zoom);
  const { focalPoint, position, viewPlaneNormal = [0, 0, 1] } = viewport.getCamera();
  const by = world.map((value, axis) => value - (focalPoint?.[axis] ?? 0));
  // Along the picture alone: the depth at which it is looked at stays.
  const depth = by.reduce((sum, value, axis) => sum + value * (viewPlaneNormal[axis] ?? 0), 0);
  const step = by.map((value, axis) => value - depth * (viewPlaneNormal[axis] ?? 0));
  const moved: Plus = ([x, y, z] = [0, 0, 0]) => [x + (step[0] ?? 0), y + (step[1] ?? 0), z + (step[2] ?? 0)];
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
  viewport.render();
}
