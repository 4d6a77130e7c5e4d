import { useEffect, useMemo, useRef } from "react";
import { keyOf } from "../layout/arrangement.ts";
import type { CellState } from "../layout/cell.tsx";
import { type Level, type MatchedBy, matchPlace } from "./match-place.ts";

/** What of the active viewport the others follow. */
export type Links = { scroll: boolean; window: boolean; zoom: boolean };
export const ALL_LINKED: Links = { scroll: true, window: true, zoom: true };

type Cells = ReadonlyMap<number, CellState>;

/**
 * Whether a window means the same in two viewports: Hounsfield units do everywhere; other values only on one device, in one
 * sequence. Two windows of one protocol are two on purpose.
 */
function isOneWindow(a: CellState, b: CellState): boolean {
  if (a.series.modality !== b.series.modality || a.hung.window?.name !== b.hung.window?.name) return false;
  if (a.series.modality === "CT") return true;
  if (a.opened !== b.opened) return false;
  return a.series.modality !== "MR" || a.series.seriesId === b.series.seriesId;
}

const othersOf = (cells: Cells, active: number): CellState[] =>
  [...cells].flatMap(([at, cell]) => (at === active ? [] : [cell]));

/** What was set level when the scrolling was linked, by what hangs. */
const levelOf = (levels: ReadonlyMap<string, number>, a: CellState, b: CellState): Level | undefined => {
  const [from, to] = [levels.get(keyOf(a.hung)), levels.get(keyOf(b.hung))];
  return from === undefined || to === undefined ? undefined : { from, to };
};

/** The other viewports follow the active one: by place, by window, by zoom and pan, each of which can be switched off. */
export function useLinks(cells: Cells, active: number, links: Links, levels: ReadonlyMap<string, number>) {
  const cell = cells.get(active);
  const latest = useRef({ cells, active, levels });
  latest.current = { cells, active, levels };
  const key = cell && keyOf(cell.hung);
  const here = `${active} ${key}`;

  const others = othersOf(cells, active);
  const ready = others.map((one) => `${keyOf(one.hung)} ${one.frames.length}`).join("|");
  const index = cell?.shown.index;
  const last = useRef({ here, ready, index });
  useEffect(() => {
    const was = last.current;
    last.current = { here, ready, index };
    const now = latest.current.cells.get(latest.current.active);
    // Another viewport became the active one, or something else hangs there: nothing moves until the reader does.
    if (!links.scroll || !now || index === undefined || was.here !== here) return;
    for (const other of othersOf(latest.current.cells, latest.current.active)) {
      const match = matchPlace(now.frames, index, other.frames, levelOf(latest.current.levels, now, other));
      if (match && match.index !== other.shown.index) void other.controller?.goTo(match.index);
    }
  }, [links.scroll, here, ready, index]);

  const window = cell?.shown.window;
  const lastWindow = useRef({ here, window });
  useEffect(() => {
    const was = lastWindow.current;
    lastWindow.current = { here, window };
    const now = latest.current.cells.get(latest.current.active);
    if (!links.window || !now || !window || !was.window || was.here !== here) return;
    if (was.window.center === window.center && was.window.width === window.width) return;
    for (const other of othersOf(latest.current.cells, latest.current.active))
      if (isOneWindow(now, other)) other.controller?.setWindow(window);
  }, [links.window, here, window]);

  const placed = cell?.shown.placed;
  const where = placed && cell.isReady ? `${placed.scale} ${placed.left} ${placed.top}` : undefined;
  const lastWhere = useRef({ here, where });
  useEffect(() => {
    const was = lastWhere.current;
    lastWhere.current = { here, where };
    const now = latest.current.cells.get(latest.current.active);
    if (!links.zoom || !now?.controller || !where || !was.where || was.here !== here || was.where === where)
      return;
    const view = now.controller.view();
    for (const other of othersOf(latest.current.cells, latest.current.active))
      if (other.hung.flush === now.hung.flush) other.controller?.setView(view);
      else if (other.hung.flush && now.hung.flush) other.controller?.setView(mirrored(view));
  }, [links.zoom, here, where]);

  return useMemo(() => {
    const matched = new Set<MatchedBy>();
    if (cell)
      for (const other of othersOf(cells, active)) {
        const match = matchPlace(cell.frames, cell.shown.index, other.frames, levelOf(levels, cell, other));
        if (match && (cell.frames.length > 1 || other.frames.length > 1)) matched.add(match.by);
      }
    return [...matched];
  }, [cells, active, cell, levels]);
}

/** Two breasts stand back to back: what goes to the right in one goes to the left in the other. */
const mirrored = (view: { zoom: number; x: number; y: number }) => ({ ...view, x: -view.x });
