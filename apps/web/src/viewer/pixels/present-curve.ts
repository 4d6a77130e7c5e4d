import { type Types, utilities } from "@cornerstonejs/core";
import type { LookupTable } from "./lookup-table.ts";

/** As many as the graphics card's own table has: more would not be seen. */
const MOST_NODES = 512;

type Curve = ReturnType<typeof utilities.createLinearRGBTransferFunction>;
type Property = { setRGBTransferFunction(component: number, curve: Curve): void };

export type Range = { lower: number; upper: number };

/** From which input to which a table says anything. */
export const rangeOf = ({ first, values, step = 1 }: LookupTable): Range => ({
  lower: first,
  upper: first + (values.length - 1) * step,
});

function curveOf(table: LookupTable): Curve {
  const { lower, upper } = rangeOf(table);
  const curve = utilities.createLinearRGBTransferFunction({ lower, upper });
  const most = 2 ** table.bits - 1;
  const nodes = Math.min(MOST_NODES, table.values.length);
  curve.removeAllPoints();
  for (let node = 0; node < nodes; node += 1) {
    const at = Math.round((node * (table.values.length - 1)) / Math.max(1, nodes - 1));
    const grey = Math.min(1, (table.values[at] ?? 0) / most);
    curve.addRGBPoint(lower + at * (table.step ?? 1), grey, grey, grey);
  }
  return curve;
}

/**
 * Draws a viewport's stack through a VOI LUT, or through its window's own function, always with a curve made anew: the library
 * keeps the last stack's, turned or not. Windowing by hand then stretches the curve: its shape stays the maker's.
 *
 * @returns whether it could: without a graphics card there are only windows
 * @see DICOM PS3.3 §C.11.2.1
 */
export function presentCurve(
  viewport: Types.IStackViewport,
  how: { table: LookupTable } | { range: Range; isSigmoid: boolean },
  isInverted: boolean,
): boolean {
  const actor = viewport.getActors()[0]?.actor;
  if (!actor || !("getMapper" in actor)) return false;
  const curve = "table" in how ? curveOf(how.table) : straightOrSigmoid(how);
  if (isInverted) utilities.invertRgbTransferFunction(curve);
  (actor.getProperty() as unknown as Property).setRGBTransferFunction(0, curve);
  return true;
}

const straightOrSigmoid = ({ range, isSigmoid }: { range: Range; isSigmoid: boolean }): Curve =>
  isSigmoid
    ? utilities.createSigmoidRGBTransferFunction(range)
    : utilities.createLinearRGBTransferFunction(range);
