import { useCallback, useEffect, useRef, useState } from "react";
import type { Frame } from "../frames/registry.ts";
import { engine } from "./engine.ts";
import { createStackController, type Shown, type StackController, type Start } from "./stack-controller.ts";

const NOTHING: Shown = { index: 0, state: "loading", isInverted: false };
let viewports = 0;

/**
 * Where cornerstone draws. In a second window it gets an element of this one's making: it knows its own elements by their
 * class, and each window has classes of its own.
 */
function stageIn(element: HTMLDivElement): HTMLDivElement {
  if (element.ownerDocument === document) return element;
  const stage = document.createElement("div");
  Object.assign(stage.style, { position: "absolute", inset: "0" });
  element.append(stage);
  return stage;
}

/** Ties a stack controller to a div for as long as it is on the page. `startAt` is asked once a stack is put in. */
export function useStack(frames: readonly Frame[] | undefined, startAt?: () => Start & { index: number }) {
  const [shown, setShown] = useState<Shown>(NOTHING);
  const [failure, setFailure] = useState<string>();
  const [controller, setController] = useState<StackController>();
  const made = useRef<StackController>(undefined);

  const attach = useCallback((element: HTMLDivElement | null) => {
    if (!element) return;
    let isGone = false;
    const stage = stageIn(element);
    viewports += 1;
    const id = `stack-${viewports}`;
    engine().then(
      (running) => {
        if (isGone) return;
        made.current = createStackController(running, stage, id, setShown);
        setController(made.current);
      },
      (error: unknown) => setFailure(error instanceof Error ? error.message : "unknown"),
    );
    return () => {
      isGone = true;
      made.current?.destroy();
      made.current = undefined;
      if (stage !== element) stage.remove();
      setController(undefined);
    };
  }, []);

  const start = useRef(startAt);
  start.current = startAt;
  useEffect(() => {
    if (!controller || !frames || frames.length === 0) return;
    const { index, ...how } = start.current?.() ?? { index: 0 };
    void controller.show(frames, Math.min(index, frames.length - 1), how);
  }, [controller, frames]);

  return { attach, controller, shown, failure };
}
