import { getRenderingEngines } from "@cornerstonejs/core";
import { annotation, type Types, utilities } from "@cornerstonejs/tools";
import { acquired } from "../frames/registry.ts";
import { line } from "../measure/measured.ts";
import {
  type Drawn,
  frameOfReferenceOf,
  MEASURE_TOOL_NAMES,
  measuredOn,
  measureToolOf,
  placesOf,
  worldOf,
} from "../measure/tools.ts";
import type { MarkedFrame, Shape } from "./contract.ts";
import type { BookMark } from "./mark-book.ts";

/** A drawing that a reader finished or moved, as it is kept. */
export type Finished = {
  markId: string;
  instanceId: string;
  frame: MarkedFrame;
  content: Shape;
};

const isDrawn = (data: unknown): data is Drawn =>
  typeof data === "object" && data !== null && "handles" in data;

/**
 * What cornerstone says was drawn: nothing of other tools, of images that aren't ours or that nobody acquired, or of no size.
 * A computed plane is measured on, and not kept: nothing of it would be found again in the images that were sent.
 */
export function finishedOf({ annotationUID, data, metadata }: Types.Annotation): Finished | undefined {
  const tool = metadata && measureToolOf(metadata.toolName);
  const imageId = metadata?.referencedImageId;
  const of = imageId ? acquired(imageId) : undefined;
  if (!tool || !imageId || !of || !annotationUID || !isDrawn(data)) return undefined;
  const places = placesOf(imageId, data);
  const [first, second] = places;
  if (!first || (second && first.column === second.column && first.row === second.row)) return undefined;
  const { values = [], source = "" } = measuredOn(imageId, tool, places) ?? {};
  const { instanceId, version } = of.instance;
  return {
    markId: annotationUID,
    instanceId,
    frame: { instanceId, instanceVersion: version, frame: of.frame },
    content: {
      kind: tool === "arrow" ? "arrow" : "measurement",
      tool,
      places: [...places],
      label: data.label?.trim() ?? "",
      values,
      source,
    },
  };
}

export const eraseDrawing = (markId: string): void => annotation.state.removeAnnotation(markId);

const shapeOf = ({ said }: BookMark): Shape | undefined =>
  said && (said.content.kind === "measurement" || said.content.kind === "arrow") ? said.content : undefined;

/** What is fixed is drawn as it was kept: its values are never worked out again. */
function draw(imageId: string, mark: BookMark, shape: Shape): void {
  const isFixed = mark.state !== "draft" || !mark.author.isMe;
  const { values, source } = shape;
  const said = [...values.map(line), ...(source ? [`(${source})`] : [])];
  const made = {
    annotationUID: mark.markId,
    highlighted: false,
    invalidated: true,
    isLocked: isFixed,
    isVisible: true,
    metadata: {
      toolName: MEASURE_TOOL_NAMES[shape.tool],
      FrameOfReferenceUID: frameOfReferenceOf(imageId),
      referencedImageId: imageId,
    },
    data: {
      label: shape.label,
      handles: {
        points: worldOf(imageId, shape.places),
        activeHandleIndex: null,
        textBox: {
          hasMoved: false,
          worldPosition: [0, 0, 0] as [number, number, number],
          worldBoundingBox: {
            topLeft: [0, 0, 0] as [number, number, number],
            topRight: [0, 0, 0] as [number, number, number],
            bottomLeft: [0, 0, 0] as [number, number, number],
            bottomRight: [0, 0, 0] as [number, number, number],
          },
        },
      },
      cachedStats: {},
      ...(isFixed ? { said } : {}),
    },
  };
  annotation.state.addAnnotation(made, made.metadata.FrameOfReferenceUID);
  annotation.locking.setAnnotationLocked(mark.markId, isFixed);
}

/** Whether it is to be seen on the picture: what was withdrawn or stopped is not. */
const isSeen = (mark: BookMark) => mark.state !== "withdrawn" && shapeOf(mark) !== undefined;

/** Draws what stands on this frame and isn't drawn yet. */
export function drawOn(imageId: string, marks: readonly BookMark[]): boolean {
  const of = acquired(imageId);
  if (!of) return false;
  const missing = marks.filter(({ markId, said }) => {
    const at = said?.frame;
    if (at?.instanceId !== of.instance.instanceId || at.frame !== of.frame) return false;
    return annotation.state.getAnnotation(markId) === undefined;
  });
  for (const mark of missing) {
    const shape = shapeOf(mark);
    if (shape && isSeen(mark)) draw(imageId, mark, shape);
  }
  return missing.length > 0;
}

const labelOf = (drawn: Types.Annotation): string =>
  isDrawn(drawn.data) ? (drawn.data.label?.trim() ?? "") : "";

/** Takes away what is drawn and stands no more, is named anew, or has become fixed. */
export function eraseGone(marks: readonly BookMark[]): void {
  for (const mark of marks) {
    const drawn = annotation.state.getAnnotation(mark.markId);
    if (!drawn) continue;
    const isFixed = mark.state !== "draft" || !mark.author.isMe;
    const isLocked = annotation.locking.isAnnotationLocked(mark.markId);
    const isNamed = labelOf(drawn) === (shapeOf(mark)?.label ?? "");
    if (!isSeen(mark) || isFixed !== isLocked || !isNamed) eraseDrawing(mark.markId);
  }
}

/** After undo or redo: a drawing that lies elsewhere than its mark is drawn again. Not while a reader drags it. */
export function drawMoved(marks: readonly BookMark[]): void {
  for (const mark of marks) {
    const [drawn, shape] = [annotation.state.getAnnotation(mark.markId), shapeOf(mark)];
    const imageId = drawn?.metadata?.referencedImageId;
    if (!drawn || !imageId || !shape || !isDrawn(drawn.data)) continue;
    if (JSON.stringify(placesOf(imageId, drawn.data)) === JSON.stringify(shape.places)) continue;
    eraseDrawing(mark.markId);
    if (isSeen(mark)) draw(imageId, mark, shape);
  }
  redraw();
}

export function redraw(): void {
  for (const engine of getRenderingEngines() ?? [])
    utilities.triggerAnnotationRenderForViewportIds(engine.getViewports().map(({ id }) => id));
}
