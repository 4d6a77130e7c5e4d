import { type Hung, keyOf } from "./arrangement.ts";
import type { CellState } from "./cell-state.ts";

type Told = Pick<CellState, "hung" | "isSettled" | "frames" | "controller">;

/**
 * Whether something of what hangs in a viewport is still on its way. The viewport tells of itself a moment after it was drawn: what it
 * told of what hung there before says nothing, and what is drawn already is not awaited.
 */
export function isAwaited(hung: Hung, told: Told | undefined): boolean {
  if (!told || keyOf(told.hung) !== keyOf(hung)) return true;
  return !told.isSettled && !told.controller?.isDrawn(told.frames);
}
