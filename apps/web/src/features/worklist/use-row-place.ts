import { type MouseEvent, useEffect, useRef } from "react";

/** The row from which a study was opened last, as long as this page lives. */
let left: string | undefined;

/** Whoever comes back from a study comes back to its row: it has the focus, and is in sight. */
export function useRowPlace() {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const rows = list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [];
    const row = [...rows].find(({ dataset }) => dataset.row === left);
    left = undefined;
    row?.focus();
  }, []);
  return {
    list,
    /** Enter on a link clicks it. */
    onClickCapture({ target }: MouseEvent): void {
      const link = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
      if (link) left = link.dataset.row;
    },
  };
}
