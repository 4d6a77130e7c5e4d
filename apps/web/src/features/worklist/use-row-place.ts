import { useEffect, useRef } from "react";
import { lastOpened } from "#features/study/last-opened.ts";

/**
 * Whoever comes back from a study comes back to its row: it has the focus, and is in sight. The list may come back as it was before
 * that row was in it: then once the row is there, if nothing else has been chosen meanwhile.
 */
export function useRowPlace() {
  const list = useRef<HTMLDivElement>(null);
  const sought = useRef<string>(undefined);
  useEffect(() => {
    sought.current = lastOpened.take() ?? sought.current;
  }, []);
  // At each drawing: it ends at once where nothing is sought.
  useEffect(() => {
    if (sought.current === undefined) return;
    const rows = list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [];
    const row = [...rows].find(({ dataset }) => dataset.row === sought.current);
    const isElsewhere = document.activeElement !== null && document.activeElement !== document.body;
    if (row || isElsewhere) sought.current = undefined;
    row?.focus();
  });
  return list;
}
