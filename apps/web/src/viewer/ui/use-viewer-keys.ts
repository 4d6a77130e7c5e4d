import { useEffect, useRef } from "react";
import { isTyping } from "./keys.ts";

export type Commands = {
  scrollBy(by: number): void;
  first(): void;
  last(): void;
  window(index: number): void;
  nextSeries(by: number): void;
  nextViewport(by: number): void;
  tool(name: "window" | "pan" | "zoom" | "length"): void;
  zoomBy(factor: number): void;
  invert(): void;
  cine(): void;
  report(): void;
  full(): void;
  reset(): void;
  help(): void;
  close(): void;
};

const BY_KEY: Record<string, (commands: Commands) => void> = {
  ArrowDown: (to) => to.scrollBy(1),
  ArrowUp: (to) => to.scrollBy(-1),
  PageDown: (to) => to.scrollBy(10),
  PageUp: (to) => to.scrollBy(-10),
  ArrowRight: (to) => to.nextViewport(1),
  ArrowLeft: (to) => to.nextViewport(-1),
  Home: (to) => to.first(),
  End: (to) => to.last(),
  w: (to) => to.tool("window"),
  m: (to) => to.tool("length"),
  z: (to) => to.tool("zoom"),
  x: (to) => to.tool("pan"),
  "+": (to) => to.zoomBy(1.25),
  "=": (to) => to.zoomBy(1.25),
  "-": (to) => to.zoomBy(0.8),
  i: (to) => to.invert(),
  c: (to) => to.cine(),
  d: (to) => to.report(),
  f: (to) => to.full(),
  r: (to) => to.reset(),
  "?": (to) => to.help(),
  Escape: (to) => to.close(),
};

function run(event: KeyboardEvent, commands: Commands): boolean {
  if (event.key === " ") commands.nextSeries(event.shiftKey ? -1 : 1);
  else if (/^[1-9]$/.test(event.key)) commands.window(Number(event.key) - 1);
  else {
    const command = BY_KEY[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!command) return false;
    command(commands);
  }
  return true;
}

/** A focused button keeps Space and Enter; a slider its arrows; all else is the viewer's. */
const isForFocused = (event: KeyboardEvent): boolean =>
  isTyping(event.target) ||
  (event.target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter"));

export function useViewerKeys(commands: Commands): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isForFocused(event)) return;
      if (run(event, latest.current)) event.preventDefault();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
