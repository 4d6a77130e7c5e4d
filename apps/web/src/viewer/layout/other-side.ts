import type { Frame } from "../frames/registry.ts";
import { breastSide } from "../marks/breast-side.ts";

type Showing = {
  opened: { role: "current" | "prior" };
  frame: Pick<Frame, "instance"> | undefined;
  isReady: boolean;
};

function sideIn({ frame, isReady }: Showing): "L" | "R" | "B" | undefined {
  const side = frame && isReady ? breastSide(frame.instance.header) : undefined;
  return side?.kind === "side" ? side.side : undefined;
}

/** A prior shows one side, and of what is read only the other is on the screen (clinical page §8). */
export function isOtherSide(cells: ReadonlyMap<number, Showing>, at: number): boolean {
  const cell = cells.get(at);
  const side = cell && cell.opened.role === "prior" ? sideIn(cell) : undefined;
  if (!side || side === "B") return false;
  const read = [...cells.values()].flatMap((one) => (one.opened.role === "current" ? [sideIn(one)] : []));
  return !read.includes(side) && !read.includes("B") && read.includes(side === "L" ? "R" : "L");
}
