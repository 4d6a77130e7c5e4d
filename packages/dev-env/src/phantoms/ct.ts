import { noiseAt } from "./random.ts";
import { clamp, ellipse, onRuler, type Ruler } from "./shapes.ts";

/** A volume in Hounsfield units, by place: x, y in [0, 1] of the picture, z in [0, 1] from the first slice to the last. */
export type Volume = (x: number, y: number, z: number) => number;

/** A rod of 100 mm in the table, seen in every slice. Stored values are HU + 1024. */
export const rulerOf = (size: number, spacingMm: number): Ruler => {
  const half = Math.round(50 / spacingMm);
  const row = Math.round(size * 0.955);
  const from = Math.round(size / 2) - half;
  return {
    from: { column: from, row },
    to: { column: from + 2 * half, row },
    lengthMm: 2 * half * spacingMm,
  };
};

export const head: Volume = (x, y, z) => {
  const narrow = 0.62 + 0.38 * Math.sin(Math.PI * clamp(0.16 + 0.7 * (1 - z), 0, 1));
  const skull = { x: 0.5, y: 0.49, rx: 0.33 * narrow, ry: 0.4 * narrow };
  const outside = ellipse(x, y, { ...skull, rx: skull.rx + 0.025, ry: skull.ry + 0.025 }, 0.02);
  if (outside < 0.02) return -1000;
  const inner = ellipse(x, y, { ...skull, rx: skull.rx - 0.028, ry: skull.ry - 0.028 }, 0.03);
  const bone = ellipse(x, y, skull, 0.03) * (1 - inner);
  const ventricle =
    z > 0.35 && z < 0.72
      ? Math.max(
          ellipse(x, y, { x: 0.465, y: 0.47, rx: 0.02, ry: 0.09, turn: 0.18 }, 0.3),
          ellipse(x, y, { x: 0.535, y: 0.47, rx: 0.02, ry: 0.09, turn: -0.18 }, 0.3),
        )
      : 0;
  const falx = Math.abs(x - 0.5) < 0.004 ? 1 : 0;
  const depth = Math.hypot((x - skull.x) / skull.rx, (y - skull.y) / skull.ry);
  const cortex = depth > 0.72 ? 9 + 5 * Math.sin(28 * Math.atan2(y - skull.y, x - skull.x) + 9 * z) : 0;
  // A fresh bleed, dense, in the right hemisphere: the left of the picture.
  const bleed =
    ellipse(x, y, { x: 0.37, y: 0.42, rx: 0.055, ry: 0.045 }, 0.25) *
    Math.max(0, 1 - Math.abs(z - 0.55) / 0.12);
  const brain = 29 + cortex + 25 * falx - 24 * ventricle + 38 * bleed;
  return -1000 * (1 - outside) + outside * (40 * (1 - bone - inner) + bone * 1150 + inner * brain);
};

export const chestCt: Volume = (x, y, z) => {
  const trunk = ellipse(x, y, { x: 0.5, y: 0.5, rx: 0.44, ry: 0.31 }, 0.03);
  if (trunk < 0.02) return y > 0.865 && y < 0.885 && x > 0.14 && x < 0.86 ? -120 : -1000;
  const wide = Math.sin(Math.PI * clamp(0.12 + 0.8 * z, 0, 1));
  const right = ellipse(x, y, { x: 0.3, y: 0.48, rx: 0.15 * wide, ry: 0.22 * wide }, 0.05);
  const left = ellipse(x, y, { x: 0.71, y: 0.49, rx: 0.14 * wide, ry: 0.21 * wide }, 0.05);
  const lung = Math.max(right, left);
  const heart =
    ellipse(x, y, { x: 0.555, y: 0.42, rx: 0.12, ry: 0.1, turn: 0.4 }, 0.1) * clamp((z - 0.35) * 5, 0, 1);
  const aorta = ellipse(x, y, { x: 0.545, y: 0.62, rx: 0.027, ry: 0.027 }, 0.2);
  const trachea = z < 0.45 ? ellipse(x, y, { x: 0.5, y: 0.45, rx: 0.02, ry: 0.018 }, 0.3) : 0;
  const vertebra = ellipse(x, y, { x: 0.5, y: 0.7, rx: 0.05, ry: 0.045 }, 0.15);
  const canal = ellipse(x, y, { x: 0.5, y: 0.765, rx: 0.018, ry: 0.016 }, 0.3);
  const angle = Math.atan2((y - 0.5) / 0.31, (x - 0.5) / 0.44);
  const radius = Math.hypot((x - 0.5) / 0.44, (y - 0.5) / 0.31);
  const rib = radius > 0.83 && radius < 0.9 && Math.sin(14 * angle + 60 * z) > 0.55 ? 1 : 0;
  const fat = radius > 0.9 ? 1 : 0;
  const nodule =
    ellipse(x, y, { x: 0.26, y: 0.43, rx: 0.022, ry: 0.022 }, 0.3) *
    Math.max(0, 1 - Math.abs(z - 0.4) / 0.06);
  const vessels = lung * Math.max(0, Math.sin(55 * x + 40 * z) * Math.sin(47 * y - 30 * z) - 0.72) * 2400;
  let value = 45 - 145 * fat + rib * 420;
  value = value * (1 - lung) + lung * (-840 + vessels);
  value = value * (1 - heart) + heart * 55;
  value = value * (1 - aorta) + aorta * 190;
  value = value * (1 - trachea) - trachea * 995;
  value = value * (1 - vertebra) + vertebra * (310 - 280 * canal);
  value = value * (1 - nodule) + nodule * 40;
  return -1000 * (1 - trunk) + trunk * value;
};

export type CtLook = { volume: Volume; size: number; slices: number; spacingMm: number; seed: number };

/** The stored value of a CT, HU = stored − 1024. An oracle for tests, and what is drawn. */
export function ctAt(column: number, row: number, slice: number, look: CtLook): number {
  const { volume, size, slices, spacingMm, seed } = look;
  if (onRuler(column, row, rulerOf(size, spacingMm))) return 1024 + 1500;
  const hu = volume((column + 0.5) / size, (row + 0.5) / size, slice / Math.max(1, slices - 1));
  return clamp(Math.round(1024 + hu + (hu > -990 ? 7 : 4) * noiseAt(column, row, slice, seed)), 0, 4095);
}
