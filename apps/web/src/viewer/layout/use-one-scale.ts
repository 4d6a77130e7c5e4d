import { useEffect, useRef } from "react";
import { keyOf } from "./arrangement.ts";
import type { CellState } from "./cell.tsx";

/** Pictures that stand at an edge do so at one scale: the largest decides, so that none is cut. */
export function useOneScale(cells: ReadonlyMap<number, CellState>, isOneScale: boolean): void {
  const standing = [...cells].flatMap(([at, { hung, shown, controller }]) =>
    hung.flush && controller && shown.fitMm !== undefined
      ? [
          {
            key: `${at} ${keyOf(hung)} ${shown.stack} ${shown.fitMm}`,
            flush: hung.flush,
            fitMm: shown.fitMm,
            controller,
          },
        ]
      : [],
  );
  const latest = useRef(standing);
  latest.current = standing;
  const what = standing.map(({ key }) => key).join("|");
  useEffect(() => {
    if (what === "") return;
    const largest = Math.max(...latest.current.map(({ fitMm }) => fitMm));
    for (const { controller, flush, fitMm } of latest.current)
      controller.stand(flush, isOneScale ? largest : fitMm);
  }, [what, isOneScale]);
}
