import { useEffect, useRef } from "react";
import type { Shown, StackController } from "../stack/stack-controller.ts";
import type { StateWindow } from "./state-curve.ts";

type Range = { center: number; width: number };
type Applied = { of: string; key: string; window: StateWindow; before: Shown["window"] };
type Asked = {
  /** What hangs: of another series nothing is put back. */
  of: string;
  /** The state's window, and of which state it is. */
  presented: { key: string; window: StateWindow } | undefined;
  controller: StackController | undefined;
  isReady: boolean;
  shown: Shown;
  /** The window is each image's own: put back as such, and not as the one that was on the screen. */
  isAsSent: boolean;
};

/** As near as a screen can tell. */
export const isWindowAt = (a: Range | undefined, { center, width }: Range): boolean =>
  a !== undefined && Math.abs(a.center - center) < 1 && Math.abs(a.width - width) < 1;

/** A state's window goes on with it and comes off with it, unless the reader has moved it: then it is theirs. */
export function useStateWindow({ of, presented, controller, isReady, shown, isAsSent }: Asked): void {
  const applied = useRef<Applied>(undefined);
  const latest = useRef({ window: shown.window, isAsSent });
  latest.current = { window: shown.window, isAsSent };
  const [key, center, width] = [presented?.key, presented?.window.center, presented?.window.width];
  const table = presented?.window.table;
  useEffect(() => {
    if (!controller || !isReady) return;
    const was = applied.current?.of === of ? applied.current : undefined;
    const { window, isAsSent: isOwn } = latest.current;
    if (key !== undefined && center !== undefined && width !== undefined) {
      const isSame = was?.key === key && isWindowAt(was.window, { center, width });
      // A curve is one picture's alone: that of the next goes on, unless the reader has moved away from it.
      if (isSame && (was.window.table === table || !isWindowAt(window, was.window))) return;
      const before = was ? was.before : isOwn ? undefined : window;
      applied.current = { of, key, window: { center, width, table }, before };
      controller.setWindow({ center, width, table });
      return;
    }
    applied.current = undefined;
    if (!was || !isWindowAt(window, was.window)) return;
    if (was.before) controller.setWindow(was.before);
    else controller.asSent();
  }, [of, key, center, width, table, controller, isReady]);
}
