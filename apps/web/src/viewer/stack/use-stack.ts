import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Frame } from "../frames/registry.ts";
import { engine, onLoss } from "./engine.ts";
import { createStackController, type Shown, type StackController, type Start } from "./stack-controller.ts";
import { createSteering } from "./steering.ts";
import type { Tooling } from "./tooling.ts";

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

/** The engine, and what a reader works with on it. */
export async function beginWith(tooling: Tooling | undefined) {
  const running = await engine();
  await tooling?.begin();
  return running;
}

/**
 * Ties a stack controller to a div for as long as it is on the page.
 *
 * @param startAt - asked once a stack is put in
 * @param tooling - the same for as long as it is on the page
 */
export function useStack(
  frames: readonly Frame[] | undefined,
  startAt?: () => Start & { index: number },
  tooling?: Tooling,
) {
  const [shown, setShown] = useState<Shown>(NOTHING);
  const [failure, setFailure] = useState<string>();
  const [controller, setController] = useState<StackController>();
  const made = useRef<StackController>(undefined);
  const [steering] = useState(() => createSteering((index) => setShown((was) => ({ ...was, index }))));

  const attach = useCallback(
    (element: HTMLDivElement | null) => {
      if (!element) return;
      let isGone = false;
      // What stands beside a picture changes in the turn of the screen in which the picture is drawn, not in the next.
      const show = (next: Shown) =>
        next.state === "ready" ? flushSync(() => setShown(next)) : setShown(next);
      function make(): void {
        viewports += 1;
        const id = `stack-${viewports}`;
        beginWith(tooling).then(
          (running) => {
            if (isGone || !element) return;
            const stage = stageIn(element);
            const one = createStackController(running, stage, id, show, tooling);
            made.current = {
              ...one,
              destroy() {
                one.destroy();
                if (stage !== element) stage.remove();
              },
            };
            setController(made.current);
          },
          (error: unknown) => setFailure(error instanceof Error ? error.message : "unknown"),
        );
      }
      function drop(): void {
        steering.lose();
        made.current?.destroy();
        made.current = undefined;
        setController(undefined);
      }
      // It stands anew where it stood, and says that it loads meanwhile: an old picture isn't what would be drawn.
      const forget = onLoss(() => {
        drop();
        setShown(({ index }) => ({ ...NOTHING, index }));
        make();
      });
      make();
      return () => {
        isGone = true;
        forget();
        drop();
      };
    },
    [tooling, steering],
  );

  const start = useRef(startAt);
  start.current = startAt;
  // With the number that then stands there: a key that is pressed at it finds the stack.
  useLayoutEffect(() => steering.hang(frames, () => start.current?.() ?? { index: 0 }), [frames, steering]);
  useEffect(() => {
    if (controller && frames) steering.drive(controller);
  }, [controller, frames, steering]);

  return { attach, controller, shown, failure, steer: steering.steer };
}
