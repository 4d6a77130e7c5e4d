import { noiseAt } from "./random.ts";
import { band, clamp, type Ellipse, ellipse, onRuler, type Ruler, smooth } from "./shapes.ts";

export const CHEST = { columns: 640, rows: 780, spacingMm: 0.5, bits: 12 } as const;
/** A lead marker of 100 mm on the detector. */
export const CHEST_RULER: Ruler = {
  from: { column: 220, row: 745 },
  to: { column: 420, row: 745 },
  lengthMm: 100,
};

const LEFT_LUNG: Ellipse = { x: 0.685, y: 0.46, rx: 0.145, ry: 0.285, turn: -0.06 };
const RIGHT_LUNG: Ellipse = { x: 0.315, y: 0.45, rx: 0.15, ry: 0.275, turn: 0.06 };
const HEART: Ellipse = { x: 0.565, y: 0.6, rx: 0.135, ry: 0.13, turn: 0.5 };
const ARCH: Ellipse = { x: 0.555, y: 0.36, rx: 0.045, ry: 0.05 };

function ribs(x: number, y: number): number {
  const side = x < 0.5 ? -1 : 1;
  const out = Math.abs(x - 0.5);
  const cage = smooth((out - 0.075) / 0.02) * smooth((0.355 - out) / 0.03) * smooth((0.7 - y) / 0.05);
  if (cage === 0) return 0;
  let sum = 0;
  for (let rib = 0; rib < 9; rib += 1) {
    const posterior = 0.17 + rib * 0.068 + 0.55 * (out - 0.07) ** 2 - 0.02 * side;
    const anterior = 0.3 + rib * 0.075 + 0.5 * (0.36 - out);
    sum += 0.55 * band(y - posterior, 0.011) + (out > 0.2 ? 0.25 * band(y - anterior, 0.012) : 0);
  }
  return cage * Math.min(1, sum);
}

const clavicles = (x: number, y: number) =>
  Math.abs(x - 0.5) > 0.05 && Math.abs(x - 0.5) < 0.33
    ? band(y - (0.205 - 0.16 * (Math.abs(x - 0.5) - 0.05)), 0.014)
    : 0;

/** Marked on the side that it says, as a radiographer lays it: R at the patient's right, the left of the picture. */
function sideMarker(column: number, row: number): boolean {
  const [x, y] = [(column - 52) / 6, (row - 66) / 6];
  if (x < 0 || x >= 5 || y < 0 || y >= 7) return false;
  const letter = ["11110", "10001", "10001", "11110", "10100", "10010", "10001"];
  return letter[Math.floor(y)]?.[Math.floor(x)] === "1";
}

/** Fluid in the left pleura: a level that rises to the side, and no angle left between lung and diaphragm. */
const fluid = (x: number, y: number) => (x > 0.5 ? smooth((y - 0.66 + 2.6 * (x - 0.66) ** 2) / 0.02) : 0);

export type ChestLook = { seed: number; nodule?: boolean; effusion?: boolean };

/** The stored value of a chest, posteroanterior, 12 bits, dense is bright. An oracle for tests, and what is drawn. */
export function chestAt(column: number, row: number, { seed, nodule, effusion }: ChestLook): number {
  if (onRuler(column, row, CHEST_RULER) || sideMarker(column, row)) return 4000;
  const [x, y] = [column / CHEST.columns, row / CHEST.rows];
  const body = smooth((0.46 - Math.abs(x - 0.5) * (1.05 - 0.35 * clamp(0.25 - y, 0, 0.25) * 4)) / 0.03);
  const shoulders = smooth((y - 0.06 - 0.5 * (Math.abs(x - 0.5) - 0.1) ** 2) / 0.04);
  const soft = body * shoulders;
  const lungs = Math.max(ellipse(x, y, LEFT_LUNG, 0.09), ellipse(x, y, RIGHT_LUNG, 0.09));
  const dome = smooth((y - (x < 0.5 ? 0.665 : 0.7) - 0.35 * (x - (x < 0.5 ? 0.32 : 0.69)) ** 2) / 0.012);
  const air = lungs * (1 - dome) * (effusion ? 1 - fluid(x, y) : 1);
  const heart = Math.max(ellipse(x, y, HEART, 0.12), 0.8 * ellipse(x, y, ARCH, 0.25));
  const spine = band(x - 0.5, 0.035) * (0.75 + 0.25 * Math.cos(y * 95));
  const vessels =
    air * 0.12 * (1 + Math.sin(40 * x + 25 * y) * Math.sin(34 * y - 18 * x)) * (1 - Math.abs(x - 0.5) * 1.6);
  let value = 160 + soft * 1900;
  value -= air * 1350 * (1 - 0.55 * heart);
  value +=
    heart * 750 * soft +
    spine * 560 * soft +
    (ribs(x, y) * 330 + clavicles(x, y) * 420) * soft +
    vessels * 900;
  if (nodule) value += 520 * ellipse(x, y, { x: 0.27, y: 0.36, rx: 0.018, ry: 0.015 }, 0.5);
  return clamp(Math.round(value + 34 * noiseAt(column, row, 0, seed)), 0, 3999);
}
