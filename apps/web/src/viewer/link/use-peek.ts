import { useState } from "react";
import { keyOf, type Slot } from "../layout/arrangement.ts";
import type { CellState, Places } from "../layout/cell.tsx";
import { type Level, matchPlace } from "./match-place.ts";

type Given = {
  cells: ReadonlyMap<number, CellState>;
  active: number;
  places: Places;
  levels: ReadonlyMap<string, number>;
};

const levelOf = (levels: ReadonlyMap<string, number>, a: CellState, b: CellState): Level | undefined => {
  const [from, to] = [levels.get(keyOf(a.hung)), levels.get(keyOf(b.hung))];
  return from === undefined || to === undefined ? undefined : { from, to };
};

/** What hangs elsewhere of the other study: the same kind of image first, then the place that stands at the same edge. */
function counterpart(cells: Given["cells"], mine: CellState): CellState | undefined {
  const others = [...cells.values()].filter(({ opened }) => opened.role !== mine.opened.role);
  const likeness = (one: CellState) =>
    Number(one.series.description === mine.series.description) * 2 +
    Number(one.hung.flush === mine.hung.flush);
  return others.sort((a, b) => likeness(b) - likeness(a))[0];
}

/** While a key is held, the active viewport shows the other study in the same place, and says so as any viewport does. */
export function usePeek({ cells, active, places, levels }: Given) {
  const [peeked, setPeeked] = useState<Slot>();
  function peek(isHeld: boolean): void {
    if (!isHeld) {
      setPeeked(undefined);
      return;
    }
    const mine = cells.get(active);
    const other = mine && counterpart(cells, mine);
    if (!mine || !other) return;
    const match = matchPlace(mine.frames, mine.shown.index, other.frames, levelOf(levels, mine, other));
    places.set(keyOf(other.hung), {
      index: match?.index ?? other.shown.index,
      view: mine.controller?.view(),
      window: other.shown.window,
      windowName: other.hung.window?.name,
    });
    setPeeked({ kind: "hung", hung: { ...other.hung, flush: mine.hung.flush } });
  }
  return { peeked, peek };
}
