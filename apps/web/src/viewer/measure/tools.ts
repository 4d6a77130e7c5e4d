import { metaData, type Types } from "@cornerstonejs/core";
import {
  AngleTool,
  ArrowAnnotateTool,
  BidirectionalTool,
  EllipticalROITool,
  LengthTool,
  ProbeTool,
} from "@cornerstonejs/tools";
import { registered } from "../frames/registry.ts";
import { presentationOf } from "../pixels/presented.ts";
import { placeAt, worldAt } from "./image-coords.ts";
import { measure } from "./measure.ts";
import { type Measured, type MeasureTool, type Places, TOOLS } from "./measured.ts";
import { pixelsOf } from "./pixels-of.ts";
import { isColour } from "./units.ts";

/** Cornerstone's tools draw and are dragged; what stands beside a drawing is ours alone. */
export const MEASURE_TOOLS = [
  LengthTool,
  BidirectionalTool,
  AngleTool,
  EllipticalROITool,
  ProbeTool,
  ArrowAnnotateTool,
] as const;

export const MEASURE_TOOL_NAMES: Record<MeasureTool, string> = {
  length: LengthTool.toolName,
  bidirectional: BidirectionalTool.toolName,
  angle: AngleTool.toolName,
  ellipse: EllipticalROITool.toolName,
  probe: ProbeTool.toolName,
  arrow: ArrowAnnotateTool.toolName,
};

export const measureToolOf = (toolName: string): MeasureTool | undefined =>
  TOOLS.find((tool) => MEASURE_TOOL_NAMES[tool] === toolName);

/** What cornerstone keeps of a drawing, as far as we read it. `said`: of what is fixed, the lines as they were kept. */
export type Drawn = { label?: string; handles: { points: Types.Point3[] }; said?: readonly string[] };

const round = (value: number) => Math.round(value * 1000) / 1000;

export const placesOf = (imageId: string, { handles }: Drawn): Places =>
  handles.points.map((world) => {
    const { column, row } = placeAt(imageId, world);
    return { column: round(column), row: round(row) };
  });

/** Where places of an image lie for cornerstone. */
export const worldOf = (imageId: string, places: Places): Types.Point3[] =>
  places.map((place) => worldAt(imageId, place));

export const frameOfReferenceOf = (imageId: string): string =>
  metaData.get("imagePlaneModule", imageId)?.frameOfReferenceUID;

/** What is told of a drawing on a frame that is registered. */
export function measuredOn(imageId: string, tool: MeasureTool, places: Places): Measured | undefined {
  const found = registered(imageId);
  if (!found) return undefined;
  const { header, transferSyntaxUid } = found.instance;
  const pixels = isColour(header) ? undefined : pixelsOf(imageId);
  const isThroughTable = presentationOf(imageId).modality !== undefined;
  return measure(tool, places, { header, frame: found.frame, pixels, isThroughTable }, transferSyntaxUid);
}

const remarks = new Map<string, string>();

/** What must be said beside every measurement on these instances: that they are of a prior. */
export function remarkOn(instanceIds: readonly string[], remark: string | undefined): void {
  for (const instanceId of instanceIds)
    if (remark) remarks.set(instanceId, remark);
    else remarks.delete(instanceId);
}

export const remarkOf = (imageId: string): string | undefined =>
  remarks.get(registered(imageId)?.instance.instanceId ?? "");

function linesOf(tool: MeasureTool, data: Drawn, targetId: string): string[] {
  const imageId = targetId.replace(/^imageId:/, "");
  const lines = data.said ?? measuredOn(imageId, tool, placesOf(imageId, data))?.lines ?? [];
  const remark = remarkOf(imageId);
  return [...(data.label ? [data.label] : []), ...lines, ...(remark ? [`ON ${remark}`] : [])];
}

/** No text and no sum of the library's is ever shown: a prompt for words neither, they are typed in the list. */
export const configurationOf = (tool: MeasureTool) =>
  tool === "arrow"
    ? { getTextCallback: (done: (text: string) => void) => done(" "), changeTextCallback: () => {} }
    : {
        getTextLines: (data: Drawn, targetId: string) => linesOf(tool, data, targetId),
        calculateStats: false,
      };
