"use client";
import { useWhenIdle } from "#features/shell/use-when-idle.ts";

// What can't be had ahead says so when a study is opened.
const fetchViewer = () =>
  void import("#viewer/viewer.tsx").then(({ startEngine }) => startEngine()).catch(() => {});

/**
 * On pages from which studies are opened: the viewer's code comes and its engine starts while nothing else is to do, so that a click
 * finds both there.
 */
export function ViewerAhead() {
  useWhenIdle(fetchViewer);
  return null;
}
