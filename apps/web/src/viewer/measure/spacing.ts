import type { Header } from "../contract.ts";
import { items, number, numbers, text } from "../header.ts";

export type Point = { column: number; row: number };
/** How long a pixel is, and where that comes from. A length without a source is not shown. */
export type Scale =
  | { kind: "scale"; rowMm: number; columnMm: number; source: string }
  | { kind: "none"; why: string };

const NONE = { kind: "none", why: "no scale in this image: pixels only" } as const;
const CM = 3;
const MM_PER_CM = 10;

const pair = (values: readonly number[]): [number, number] | undefined => {
  const [row, column] = values;
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : undefined;
};

const inRegion = (region: Header, { column, row }: Point): boolean => {
  const [x0, y0, x1, y1] = ["00186018", "0018601A", "0018601C", "0018601E"].map((tag) => number(region, tag));
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return false;
  return column >= x0 && column <= x1 && row >= y0 && row <= y1;
};

/** Ultrasound: true only inside a region that holds both ends, whose units are centimetres. @see DICOM PS3.3 §C.8.5.5 */
function ultrasoundScale(regions: readonly Header[], a: Point, b: Point): Scale {
  const region = regions.find((one) => inRegion(one, a) && inRegion(one, b));
  if (!region) return { kind: "none", why: "no scale here: both ends must lie in one calibrated region" };
  const [unitX, unitY] = [number(region, "00186024"), number(region, "00186026")];
  const [deltaX, deltaY] = [number(region, "0018602C"), number(region, "0018602E")];
  if (unitX !== CM || unitY !== CM || !deltaX || !deltaY)
    return { kind: "none", why: "no scale here: this region doesn't measure distance" };
  return {
    kind: "scale",
    rowMm: Math.abs(deltaY) * MM_PER_CM,
    columnMm: Math.abs(deltaX) * MM_PER_CM,
    source: "ultrasound region",
  };
}

const PROJECTIONS = new Set(["CR", "DX", "MG", "XA", "RF", "PX", "IO", "DR"]);

/** What an imager's own pixels are, and what that makes in the patient. @see DICOM PS3.3 §10.7, §C.8.7.10 */
function projectionScale(header: Header): Scale {
  const calibrated = pair(numbers(header, "00280030"));
  const detector = pair(numbers(header, "00181164"));
  const type = text(header, "00280A02");
  if (calibrated && type)
    return {
      kind: "scale",
      rowMm: calibrated[0],
      columnMm: calibrated[1],
      source: type === "FIDUCIAL" ? "calibrated by a fiducial" : "calibrated by geometry",
    };
  if (!detector) {
    // Pixel Spacing alone in a projection says nothing of whether it was corrected.
    return calibrated
      ? {
          kind: "scale",
          rowMm: calibrated[0],
          columnMm: calibrated[1],
          source: "as stated, calibration unknown",
        }
      : NONE;
  }
  const factor = number(header, "00181114");
  if (factor && factor >= 1)
    return {
      kind: "scale",
      rowMm: detector[0] / factor,
      columnMm: detector[1] / factor,
      source: `corrected for magnification ${factor}`,
    };
  return { kind: "scale", rowMm: detector[0], columnMm: detector[1], source: "at the detector" };
}

/** Pixel Measures of enhanced objects: shared, else of the frame. @see DICOM PS3.3 §C.7.6.16.2.1 */
function functionalSpacing(header: Header, frame: number): [number, number] | undefined {
  const [shared] = items(header, "52009229");
  const perFrame = items(header, "52009230")[frame - 1];
  for (const group of [perFrame, shared]) {
    const [measures] = group ? items(group, "00289110") : [];
    const found = measures && pair(numbers(measures, "00280030"));
    if (found) return found;
  }
  return undefined;
}

/** Slabs of a tomosynthesis: made of projections, and none themselves. @see DICOM PS3.3 §C.8.16.2 (Volumetric Properties) */
const isReconstructed = (header: Header): boolean => text(header, "00089206") === "VOLUME";

/**
 * The scale for a length between two places of an image. `frame` counts from 1.
 *
 * @returns `none` with its reason where no length may be shown
 */
export function scaleFor(header: Header, frame: number, a: Point, b: Point): Scale {
  const regions = items(header, "00186011");
  const modality = text(header, "00080060");
  if (regions.length > 0) return ultrasoundScale(regions, a, b);
  if (modality === "US" || modality === "IVUS") return NONE;
  if (modality && PROJECTIONS.has(modality) && !isReconstructed(header)) return projectionScale(header);
  const spacing = functionalSpacing(header, frame) ?? pair(numbers(header, "00280030"));
  if (spacing) return { kind: "scale", rowMm: spacing[0], columnMm: spacing[1], source: "in the patient" };
  return NONE;
}

export type Length = { kind: "length"; mm: number; text: string } | { kind: "none"; text: string };

/** What stands beside the line: the length with its source, or why there is none. */
export function lengthBetween(header: Header, frame: number, a: Point, b: Point): Length {
  const scale = scaleFor(header, frame, a, b);
  const [columns, rows] = [b.column - a.column, b.row - a.row];
  if (scale.kind === "none")
    return { kind: "none", text: `${Math.hypot(columns, rows).toFixed(0)} px, ${scale.why}` };
  const mm = Math.hypot(columns * scale.columnMm, rows * scale.rowMm);
  return { kind: "length", mm, text: `${mm.toFixed(1)} mm (${scale.source})` };
}
