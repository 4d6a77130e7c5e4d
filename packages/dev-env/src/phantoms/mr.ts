import { noiseAt } from "./random.ts";
import { clamp, ellipse, onRuler, type Ruler } from "./shapes.ts";

export const MR = { size: 192, slices: 24, spacingMm: 1.2, sliceMm: 5.5 } as const;
export const MR_RULER: Ruler = {
  from: { column: 54, row: 186 },
  to: { column: 138, row: 186 },
  lengthMm: 100.8,
};

export const SEQUENCES = {
  T1: {
    name: "T1 axial",
    csf: 90,
    grey: 330,
    white: 430,
    fat: 780,
    lesion: 260,
    repetitionMs: 500,
    echoMs: 10,
  },
  T2: {
    name: "T2 axial",
    csf: 900,
    grey: 520,
    white: 380,
    fat: 560,
    lesion: 760,
    repetitionMs: 4500,
    echoMs: 100,
  },
  FLAIR: {
    name: "FLAIR axial",
    csf: 60,
    grey: 480,
    white: 390,
    fat: 520,
    lesion: 800,
    repetitionMs: 9000,
    echoMs: 120,
  },
} as const;
export type Sequence = keyof typeof SEQUENCES;

const LESIONS = [
  { x: 0.41, y: 0.37, z: 0.6, r: 0.022 },
  { x: 0.6, y: 0.4, z: 0.62, r: 0.018 },
  { x: 0.58, y: 0.56, z: 0.55, r: 0.015 },
];

const LESION_SHAPES = LESIONS.map(({ x, y, z, r }) => ({ z, at: { x, y, rx: r, ry: r * 0.8 } }));
const VENTRICLES = [
  { x: 0.462, y: 0.47, rx: 0.022, ry: 0.1, turn: 0.2 },
  { x: 0.538, y: 0.47, rx: 0.022, ry: 0.1, turn: -0.2 },
] as const;

/** What is the same for every pixel of a slice. */
function sliceShapes(slice: number) {
  const z = slice / (MR.slices - 1);
  const narrow = 0.6 + 0.4 * Math.sin(Math.PI * clamp(0.2 + 0.66 * (1 - z), 0, 1));
  const [rx, ry] = [0.34 * narrow, 0.41 * narrow];
  const within = (by: number) => ({ x: 0.5, y: 0.49, rx: rx - by, ry: ry - by });
  return { z, rx, ry, scalp: within(0), skull: within(0.022), csf: within(0.04), brain: within(0.056) };
}

/** How to draw one slice of a brain in one sequence: the same anatomy, other contrast. */
export function mrSlice(
  slice: number,
  sequence: Sequence,
  seed: number,
): (column: number, row: number) => number {
  const tissue = SEQUENCES[sequence];
  const shapes = sliceShapes(slice);
  const { z, rx, ry } = shapes;
  const isOpen = z > 0.35 && z < 0.74;
  const lesions = LESION_SHAPES.map(({ z: at, ...lesion }) => ({
    ...lesion,
    share: Math.max(0, 1 - Math.abs(z - at) / 0.06),
  })).filter(({ share }) => share > 0);
  function inBrain(x: number, y: number, brain: number, outer: number): number {
    const depth =
      Math.hypot((x - 0.5) / rx, (y - 0.49) / ry) +
      0.035 * Math.sin(17 * Math.atan2(y - 0.49, x - 0.5) + 7 * z);
    const white = clamp((0.66 - depth) * 14, 0, 1);
    let value = outer + brain * (tissue.grey * (1 - white) + tissue.white * white);
    if (isOpen) {
      const ventricle =
        brain * Math.max(ellipse(x, y, VENTRICLES[0], 0.25), ellipse(x, y, VENTRICLES[1], 0.25));
      value = value * (1 - ventricle) + ventricle * tissue.csf;
    }
    for (const { at, share } of lesions) {
      const here = ellipse(x, y, at, 0.4) * share;
      value = value * (1 - here) + here * tissue.lesion;
    }
    return value;
  }
  return (column, row) => {
    if (onRuler(column, row, MR_RULER)) return 1000;
    const [x, y] = [(column + 0.5) / MR.size, (row + 0.5) / MR.size];
    const scalp = ellipse(x, y, shapes.scalp, 0.02);
    let value = 0;
    if (scalp > 0) {
      const skull = ellipse(x, y, shapes.skull, 0.02);
      const csf = ellipse(x, y, shapes.csf, 0.03);
      const brain = ellipse(x, y, shapes.brain, 0.04);
      value = scalp * tissue.fat * (1 - skull) + skull * 25 * (1 - csf) + csf * tissue.csf * (1 - brain);
      if (brain > 0) value = inBrain(x, y, brain, value);
    }
    return clamp(Math.round(value + 14 * noiseAt(column, row, slice, seed)), 0, 1000);
  };
}

/** The stored value of a brain at one place: an oracle for tests. */
export const mrAt = (column: number, row: number, slice: number, sequence: Sequence, seed: number): number =>
  mrSlice(slice, sequence, seed)(column, row);
