import { noiseAt } from "./random.ts";
import { clamp, ellipse, onRuler, type Ruler } from "./shapes.ts";

/**
 * A volume in Hounsfield units, slice by slice: z in [0, 1] from the first slice to the last; x, y in [0, 1] of the picture. What is
 * the same for a whole slice is worked out once.
 */
export type Volume = (z: number) => (x: number, y: number) => number;

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

const VENTRICLES = [
  { x: 0.465, y: 0.47, rx: 0.02, ry: 0.09, turn: 0.18 },
  { x: 0.535, y: 0.47, rx: 0.02, ry: 0.09, turn: -0.18 },
] as const;
/** A fresh bleed, dense, in the right hemisphere: the left of the picture. */
const BLEED = { x: 0.37, y: 0.42, rx: 0.055, ry: 0.045 };

export const head: Volume = (z) => {
  const narrow = 0.62 + 0.38 * Math.sin(Math.PI * clamp(0.16 + 0.7 * (1 - z), 0, 1));
  const skull = { x: 0.5, y: 0.49, rx: 0.33 * narrow, ry: 0.4 * narrow };
  const scalp = { ...skull, rx: skull.rx + 0.025, ry: skull.ry + 0.025 };
  const within = { ...skull, rx: skull.rx - 0.028, ry: skull.ry - 0.028 };
  const hasVentricles = z > 0.35 && z < 0.72;
  const bleedShare = Math.max(0, 1 - Math.abs(z - 0.55) / 0.12);
  return (x, y) => {
    const outside = ellipse(x, y, scalp, 0.02);
    if (outside < 0.02) return -1000;
    const inner = ellipse(x, y, within, 0.03);
    const bone = ellipse(x, y, skull, 0.03) * (1 - inner);
    const ventricle = hasVentricles
      ? Math.max(ellipse(x, y, VENTRICLES[0], 0.3), ellipse(x, y, VENTRICLES[1], 0.3))
      : 0;
    const falx = Math.abs(x - 0.5) < 0.004 ? 1 : 0;
    const depth = Math.hypot((x - skull.x) / skull.rx, (y - skull.y) / skull.ry);
    const cortex = depth > 0.72 ? 9 + 5 * Math.sin(28 * Math.atan2(y - skull.y, x - skull.x) + 9 * z) : 0;
    const bleed = bleedShare * ellipse(x, y, BLEED, 0.25);
    const brain = 29 + cortex + 25 * falx - 24 * ventricle + 38 * bleed;
    return -1000 * (1 - outside) + outside * (40 * (1 - bone - inner) + bone * 1150 + inner * brain);
  };
};

const TRUNK = { x: 0.5, y: 0.5, rx: 0.44, ry: 0.31 };
const HEART = { x: 0.555, y: 0.42, rx: 0.12, ry: 0.1, turn: 0.4 };
const AORTA = { x: 0.545, y: 0.62, rx: 0.027, ry: 0.027 };
const TRACHEA = { x: 0.5, y: 0.45, rx: 0.02, ry: 0.018 };
const VERTEBRA = { x: 0.5, y: 0.7, rx: 0.05, ry: 0.045 };
const CANAL = { x: 0.5, y: 0.765, rx: 0.018, ry: 0.016 };
const NODULE = { x: 0.26, y: 0.43, rx: 0.022, ry: 0.022 };

const onTable = (x: number, y: number) => y > 0.865 && y < 0.885 && x > 0.14 && x < 0.86;

/** Ribs cut across, and the fat under the skin: by their place in the wall of the chest. */
function wall(x: number, y: number, z: number): { rib: number; fat: number } {
  const [u, v] = [(x - TRUNK.x) / TRUNK.rx, (y - TRUNK.y) / TRUNK.ry];
  const radius = Math.hypot(u, v);
  const rib = radius > 0.83 && radius < 0.9 && Math.sin(14 * Math.atan2(v, u) + 60 * z) > 0.55 ? 1 : 0;
  return { rib, fat: radius > 0.9 ? 1 : 0 };
}

export const chestCt: Volume = (z) => {
  const wide = Math.sin(Math.PI * clamp(0.12 + 0.8 * z, 0, 1));
  const right = { x: 0.3, y: 0.48, rx: 0.15 * wide, ry: 0.22 * wide };
  const left = { x: 0.71, y: 0.49, rx: 0.14 * wide, ry: 0.21 * wide };
  const heartShare = clamp((z - 0.35) * 5, 0, 1);
  const noduleShare = Math.max(0, 1 - Math.abs(z - 0.4) / 0.06);
  return (x, y) => {
    const trunk = ellipse(x, y, TRUNK, 0.03);
    if (trunk < 0.02) return onTable(x, y) ? -120 : -1000;
    const lung = Math.max(ellipse(x, y, right, 0.05), ellipse(x, y, left, 0.05));
    const heart = heartShare * ellipse(x, y, HEART, 0.1);
    const aorta = ellipse(x, y, AORTA, 0.2);
    const trachea = z < 0.45 ? ellipse(x, y, TRACHEA, 0.3) : 0;
    const vertebra = ellipse(x, y, VERTEBRA, 0.15);
    const canal = ellipse(x, y, CANAL, 0.3);
    const { rib, fat } = wall(x, y, z);
    const nodule = noduleShare * ellipse(x, y, NODULE, 0.3);
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
};

export type CtLook = { volume: Volume; size: number; slices: number; spacingMm: number; seed: number };

/** How to draw one slice of a CT: stored values, HU = stored − 1024. */
export function ctSlice(slice: number, look: CtLook): (column: number, row: number) => number {
  const { volume, size, slices, spacingMm, seed } = look;
  const ruler = rulerOf(size, spacingMm);
  const huAt = volume(slice / Math.max(1, slices - 1));
  return (column, row) => {
    if (onRuler(column, row, ruler)) return 1024 + 1500;
    const hu = huAt((column + 0.5) / size, (row + 0.5) / size);
    return clamp(Math.round(1024 + hu + (hu > -990 ? 7 : 4) * noiseAt(column, row, slice, seed)), 0, 4095);
  };
}

/** The stored value of a CT at one place: an oracle for tests. */
export const ctAt = (column: number, row: number, slice: number, look: CtLook): number =>
  ctSlice(slice, look)(column, row);
