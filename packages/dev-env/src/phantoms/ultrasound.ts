import { noiseAt } from "./random.ts";
import { clamp, ellipse, type Ruler } from "./shapes.ts";

export const US = { columns: 320, rows: 240, frames: 24, frameTimeMs: 66.7, cmPerPixel: 0.05 } as const;
/** A calliper line of 50 mm in the tissue region. */
export const US_RULER: Ruler = {
  from: { column: 110, row: 226 },
  to: { column: 210, row: 226 },
  lengthMm: 50,
};
/** The sector, in which lengths are true. */
export const US_REGION = { x0: 20, y0: 10, x1: 299, y1: 229 } as const;

/** A beating heart in a sector, with a patch of colour flow. */
export function ultrasoundAt(
  column: number,
  row: number,
  frame: number,
  seed: number,
): readonly [number, number, number] {
  if (row === US_RULER.from.row && column >= US_RULER.from.column && column <= US_RULER.to.column)
    return [255, 255, 0];
  const [dx, dy] = [column - 160, row - 12];
  const radius = Math.hypot(dx, dy);
  const angle = Math.atan2(dx, dy);
  if (radius > 208 || Math.abs(angle) > 0.66) return [0, 0, 0];
  const beat = Math.sin((2 * Math.PI * frame) / US.frames);
  const [x, y] = [column / US.columns, row / US.rows];
  const size = 1 - 0.16 * beat;
  const chamber = ellipse(x, y, { x: 0.52, y: 0.52, rx: 0.13 * size, ry: 0.24 * size, turn: 0.2 }, 0.12);
  const atrium = ellipse(x, y, { x: 0.49, y: 0.83, rx: 0.1 * (2 - size), ry: 0.1 * (2 - size) }, 0.15);
  const blood = Math.max(chamber, atrium);
  const speckle = 0.55 + 0.45 * noiseAt(Math.round(angle * 240), Math.round(radius / 1.6), frame, seed);
  const wall = 150 * Math.exp(-((1 - 2 * blood) ** 2) * 3);
  const grey = clamp((95 + wall) * speckle * (1 - 0.85 * blood) * (1.15 - radius / 330), 0, 255);
  const flow = ellipse(x, y, { x: 0.505, y: 0.69, rx: 0.05, ry: 0.09 }, 0.3) * Math.max(0, beat);
  if (flow > 0.35) return [Math.round(200 * flow), Math.round(50 * speckle), Math.round(40 * (1 - flow))];
  const value = Math.round(grey);
  return [value, value, value];
}
