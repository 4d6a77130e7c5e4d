import { noiseAt } from "./random.ts";
import { clamp, onRuler, type Ruler, smooth } from "./shapes.ts";

export const MG = { columns: 600, rows: 800, spacingMm: 0.3, magnification: 1.04 } as const;
/** 90 mm on the detector; in the breast, by the magnification factor, 86.5 mm. */
export const MG_RULER: Ruler = {
  from: { column: 150, row: 775 },
  to: { column: 450, row: 775 },
  lengthMm: 90,
};

export type MgView = { side: "L" | "R"; view: "CC" | "MLO" };
export type MgLook = MgView & { seed: number; mass?: boolean };

/** 12 bits, dense is bright. The chest wall stands at the left of the picture for a left breast, at the right for a right one. */
export function mammogramAt(column: number, row: number, { side, view, seed, mass }: MgLook): number {
  if (onRuler(column, row, MG_RULER)) return 4000;
  const out = (side === "L" ? column : MG.columns - 1 - column) / MG.columns;
  const y = row / MG.rows;
  const centre = view === "CC" ? 0.48 : 0.54;
  const reach = 0.72 * Math.sqrt(Math.max(0, 1 - ((y - centre) / 0.43) ** 2));
  const inside = smooth((reach - out) / 0.02);
  const depth = clamp((reach - out) / 0.25, 0, 1);
  const gland = Math.exp(-(((out - 0.34) / 0.22) ** 2 + ((y - centre) / 0.24) ** 2));
  const strands = 0.5 + 0.5 * Math.sin(26 * out + 9 * Math.sin(17 * y)) * Math.sin(31 * y - 12 * out);
  const muscle = view === "MLO" ? smooth((0.34 - out - 0.5 * y) / 0.02) : 0;
  const nipple = smooth((0.02 - Math.hypot(out - 0.72, (y - centre) * 1.3)) / 0.008);
  let value =
    90 + inside * (900 + 500 * depth) + inside * gland * (650 + 700 * strands) + muscle * 900 + nipple * 1300;
  if (mass) {
    const [mx, my] = view === "CC" ? [0.44, 0.38] : [0.43, 0.42];
    const distance = Math.hypot(out - mx, (y - my) * 1.33);
    const spicules = 0.008 * Math.sin(11 * Math.atan2(y - my, out - mx));
    value += 900 * smooth((0.035 + spicules - distance) / 0.012) * inside;
  }
  return clamp(Math.round(value + 30 * noiseAt(column, row, 0, seed)), 0, 3999);
}
