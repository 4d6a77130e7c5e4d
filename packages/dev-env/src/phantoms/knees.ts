import { noiseAt } from "./random.ts";
import { clamp, ellipse, smooth } from "./shapes.ts";

export const KNEE = { columns: 640, rows: 720, spacingMm: 0.35 } as const;

/** A right knee from the front, its fibula towards the left edge of the picture: lateral. A left one is its mirror image. */
function rightKnee(x: number, y: number, centre: number): { soft: number; bone: number } {
  const dx = (x - centre) / 0.2;
  const soft = smooth((0.95 + 0.12 * Math.cos(7 * (y - 0.5)) - Math.abs(dx)) / 0.1);
  const shaftHalf = y < 0.5 ? 0.34 + 0.32 * smooth((y - 0.36) / 0.1) : 0.34 + 0.3 * smooth((0.66 - y) / 0.1);
  const shaft = smooth((shaftHalf - Math.abs(dx)) / 0.06);
  const space = smooth((0.014 - Math.abs(y - 0.5 - 0.012 * Math.cos(6 * dx))) / 0.006);
  const notch = ellipse(x, y, { x: centre, y: 0.485, rx: 0.018, ry: 0.035 }, 0.3);
  const patella = 0.35 * ellipse(x, y, { x: centre, y: 0.41, rx: 0.055, ry: 0.055 }, 0.2);
  const fibula = y > 0.53 ? smooth((0.1 - Math.abs(dx + 0.62)) / 0.04) : 0;
  return { soft, bone: clamp((shaft + patella) * (1 - space) * (1 - 0.8 * notch) + 0.7 * fibula, 0, 1.3) };
}

export type KneeLook = { side: "L" | "R" | "both"; seed: number };

function kneesOf(x: number, y: number, side: KneeLook["side"]) {
  if (side === "both") return [rightKnee(x, y, 0.27), rightKnee(1 - x, y, 0.27)];
  return [side === "R" ? rightKnee(x, y, 0.5) : rightKnee(1 - x, y, 0.5)];
}

/** 12 bits, dense is bright. A letter R or L is not burnt in: side is what the attributes say. */
export function kneesAt(column: number, row: number, { side, seed }: KneeLook): number {
  const [x, y] = [column / KNEE.columns, row / KNEE.rows];
  const knees = kneesOf(x, y, side);
  const soft = Math.max(...knees.map((knee) => knee.soft));
  const bone = Math.max(...knees.map((knee) => knee.bone));
  const trabeculae = 1 + 0.08 * Math.sin(90 * x + 15 * y) * Math.sin(120 * y);
  return clamp(
    Math.round(180 + soft * 900 + soft * bone * 1500 * trabeculae + 30 * noiseAt(column, row, 0, seed)),
    0,
    3999,
  );
}
