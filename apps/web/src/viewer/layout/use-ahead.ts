import { useEffect, useRef } from "react";
import { type Ahead, fetchAhead } from "../frames/fetch-ahead.ts";
import type { CellState } from "./cell.tsx";

/** Once all that hangs is in full detail, what may be asked for next is fetched: each series once. */
export function useAhead(ahead: readonly Ahead[], cells: ReadonlyMap<number, CellState>): void {
  const asked = useRef(new Set<string>());
  const isQuiet = cells.size > 0 && [...cells.values()].every(({ isSettled }) => isSettled);
  useEffect(() => {
    if (!isQuiet) return;
    for (const one of ahead.filter(({ seriesId }) => !asked.current.has(seriesId))) {
      asked.current.add(one.seriesId);
      // What can't be had ahead says so when the reader asks for it.
      void fetchAhead(one).catch(() => {});
    }
  }, [ahead, isQuiet]);
}
