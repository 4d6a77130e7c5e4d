import type { Header } from "../contract.ts";
import { number, numbers, text } from "../header.ts";
import { quarterOf, type Turn } from "../stack/placed.ts";
import type { Part } from "../stack/stance.ts";
import type { Area } from "./graphics.ts";

/** @returns nothing for a turn that the standard doesn't know */
export function turnOf(state: Header): Turn | undefined {
  const degrees = quarterOf(number(state, "00700042") ?? 0);
  return degrees === undefined ? undefined : { degrees, isFlipped: text(state, "00700041") === "Y" };
}

/** Which way in the picture, by columns and rows, the screen goes from its top left to its bottom right. */
const DIAGONALS: Record<Turn["degrees"], readonly [columns: number, rows: number]> = {
  0: [1, 1],
  90: [1, -1],
  180: [-1, -1],
  270: [-1, 1],
};
/** A flip turns what goes along the screen, which is columns unless the picture lies on its side. */
function diagonalOf({ degrees, isFlipped }: Turn): readonly [number, number] {
  const [columns, rows] = DIAGONALS[degrees];
  if (!isFlipped) return [columns, rows];
  return isOnItsSide(degrees) ? [columns, -rows] : [-columns, rows];
}
const isOnItsSide = (degrees: Turn["degrees"]) => degrees === 90 || degrees === 270;

/** From the number of a pixel (the first is 1) to its edge: the nearer or the further, by which way the screen goes. */
const edges = (from: number, to: number, way: number): [number, number] | undefined => {
  if ((to - from) * way < 0) return undefined;
  return way > 0 ? [from - 1, to] : [from, to - 1];
};

/**
 * The area that was shown. Its corners are those of the screen, told in pixels of the picture as it was sent; one whose corners
 * contradict the turn can't be told.
 *
 * @param selected - an item of Displayed Area Selection Sequence
 * @see DICOM PS3.3 §C.10.4
 */
export function areaOf(selected: Header, turn: Turn): Area | undefined {
  const [[left, top], [right, bottom]] = [numbers(selected, "00700052"), numbers(selected, "00700053")];
  if (left === undefined || top === undefined || right === undefined || bottom === undefined)
    return undefined;
  const [alongColumns, alongRows] = diagonalOf(turn);
  const [columns, rows] = [edges(left, right, alongColumns), edges(top, bottom, alongRows)];
  if (!columns || !rows) return undefined;
  return {
    from: { column: columns[0], row: rows[0] },
    to: { column: columns[1], row: rows[1] },
    isAcross: isOnItsSide(turn.degrees),
  };
}

export const partOf = ({ from, to }: Area): Part => ({
  left: Math.min(from.column, to.column),
  top: Math.min(from.row, to.row),
  right: Math.max(from.column, to.column),
  bottom: Math.max(from.row, to.row),
});
