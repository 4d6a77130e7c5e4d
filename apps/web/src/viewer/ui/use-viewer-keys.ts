import { useEffect, useRef } from "react";
import type { ToolName } from "../stack/tooling.ts";
import { isButton, isTyping, knownLetter, type OwnKeys } from "./keys.ts";

export type Commands = {
  scrollBy(by: number): void;
  first(): void;
  last(): void;
  window(index: number): void;
  /** The next step of the protocol; where it has one alone, the next series. */
  nextStep(by: number): void;
  nextSeries(by: number): void;
  prior(): void;
  /** While the key is held: the other study, in the same place. */
  peek(isHeld: boolean): void;
  link(): void;
  /** To where the reader stopped the last time, and to the start. */
  resume(): void;
  planes(): void;
  nextViewport(by: number): void;
  secondScreen(): void;
  copyNumber(): void;
  tool(name: ToolName): void;
  zoomBy(factor: number): void;
  invert(): void;
  cine(): void;
  report(): void;
  full(): void;
  reset(): void;
  keyImage(): void;
  marks(): void;
  help(): void;
  close(): void;
  /** Escape, pressed in the second window: it closes that alone. */
  closeSecond(): void;
};

const HELD = "h";

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
  b: (to) => to.tool("bidirectional"),
  g: (to) => to.tool("angle"),
  e: (to) => to.tool("ellipse"),
  q: (to) => to.tool("probe"),
  k: (to) => to.keyImage(),
  u: (to) => to.marks(),
  y: (to) => to.tool("arrow"),
  z: (to) => to.tool("zoom"),
  x: (to) => to.tool("pan"),
  "+": (to) => to.zoomBy(1.25),
  "=": (to) => to.zoomBy(1.25),
  "-": (to) => to.zoomBy(0.8),
  p: (to) => to.prior(),
  l: (to) => to.link(),
  j: (to) => to.resume(),
  v: (to) => to.planes(),
  s: (to) => to.secondScreen(),
  a: (to) => to.copyNumber(),
  i: (to) => to.invert(),
  c: (to) => to.cine(),
  d: (to) => to.report(),
  f: (to) => to.full(),
  r: (to) => to.reset(),
  "?": (to) => to.help(),
  Escape: (to) => to.close(),
};

function run(key: string, isShifted: boolean, commands: Commands): boolean {
  if (key === " ") commands.nextStep(isShifted ? -1 : 1);
  else if (key === "n") commands.nextSeries(isShifted ? -1 : 1);
  else if (/^[1-9]$/.test(key)) commands.window(Number(key) - 1);
  else {
    const command = BY_KEY[key];
    if (!command) return false;
    command(commands);
  }
  return true;
}

/** What a key means for this reader: letters are theirs to choose, the rest is as it is. */
const meantBy = ({ key }: KeyboardEvent, own: OwnKeys): string | undefined =>
  key.length === 1 ? knownLetter(key.toLowerCase(), own) : key;

/** A focused button keeps Space and Enter; a slider its arrows; all else is the viewer's. */
export const isForFocused = (event: KeyboardEvent): boolean =>
  isTyping(event.target) || (isButton(event.target) && (event.key === " " || event.key === "Enter"));

/** @param second - the window of the second screen: its keys are the viewer's, too */
export function useViewerKeys(commands: Commands, own: OwnKeys, second: Window | undefined): void {
  const latest = useRef({ commands, own });
  latest.current = { commands, own };
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isForFocused(event)) return;
      const key = meantBy(event, latest.current.own);
      if (key === HELD) {
        if (!event.repeat) latest.current.commands.peek(true);
      } else if (key === "Escape" && event.view !== window) latest.current.commands.closeSecond();
      else if (key !== undefined && run(key, event.shiftKey, latest.current.commands)) event.preventDefault();
    }
    function onLetGo(event: KeyboardEvent): void {
      if (meantBy(event, latest.current.own) === HELD) latest.current.commands.peek(false);
    }
    // A page that loses the focus hears of no key that is let go.
    const onLeft = () => latest.current.commands.peek(false);
    const windows = second ? [window, second] : [window];
    for (const one of windows) {
      one.addEventListener("keydown", onKey);
      one.addEventListener("keyup", onLetGo);
      one.addEventListener("blur", onLeft);
    }
    return () => {
      for (const one of windows) {
        one.removeEventListener("keydown", onKey);
        one.removeEventListener("keyup", onLetGo);
        one.removeEventListener("blur", onLeft);
      }
    };
  }, [second]);
}
