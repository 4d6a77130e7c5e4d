import { useCallback, useState } from "react";
import type { CellState } from "./cell.tsx";

/** What each viewport says of itself, by its place in the grid. */
export function useCells() {
  const [cells, setCells] = useState<ReadonlyMap<number, CellState>>(new Map());
  const tell = useCallback((at: number, state: CellState | undefined) => {
    setCells((was) => {
      const is = new Map(was);
      if (state) is.set(at, state);
      else is.delete(at);
      return is;
    });
  }, []);
  return { cells, tell };
}
