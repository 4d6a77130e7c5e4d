import { breastSide } from "../marks/breast-side.ts";
import type { CellState } from "./cell.tsx";

function sideIn({ frame, isReady }: CellState): "L" | "R" | "B" | undefined {
  const side = frame && isReady ? breastSide(frame.instance.header) : undefined;
  return side?.kind === "side" ? side.side : undefined;
}

/** A prior shows one side, and of what is read only the other is on the screen (clinical page §8). */
export function isOtherSide(cells: ReadonlyMap<number, CellState>, at: number): boolean {
  const cell = cells.get(at);
  const side = cell && cell.opened.role === "prior" ? sideIn(cell) : undefined;
  if (!side || side === "B") return false;
  const read = [...cells.values()].flatMap((one) => (one.opened.role === "current" ? [sideIn(one)] : []));
  return !read.includes(side) && !read.includes("B") && read.includes(side === "L" ? "R" : "L");
}
