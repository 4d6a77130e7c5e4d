import type { Frame } from "../frames/registry.ts";
import type { SetWindow, StackController, Start } from "./stack-controller.ts";

/** What a reader asks of a viewport, whether or not there is an engine yet that draws it. */
export type Steer = {
  goTo(index: number): void;
  scrollBy(by: number): void;
  setWindow(window: SetWindow): void;
};

type Begin = Start & { index: number };
type Driven = Pick<StackController, "show" | "goTo" | "scrollBy" | "setWindow" | "stands">;

/**
 * Between what a reader asks and what draws it: what is asked before that is there, or while it is made anew, is how the stack begins.
 *
 * @param onIndex - where the stack is to begin by now
 */
export function createSteering(onIndex: (index: number) => void) {
  let stack: { frames: readonly Frame[]; begins(): Begin } | undefined;
  /** Where this stack is to begin, once a reader said so or the one that drew it was lost. */
  let own: Begin | undefined;
  /** What draws the stack that hangs. */
  let driven: Driven | undefined;

  const within = (index: number, count: number) => Math.max(0, Math.min(count - 1, index));

  function ask(change: (was: Begin) => Begin): void {
    if (!stack || stack.frames.length === 0) return;
    const asked = change(own ?? stack.begins());
    own = { ...asked, index: within(asked.index, stack.frames.length) };
    onIndex(own.index);
  }

  const steer: Steer = {
    goTo(index) {
      if (driven) void driven.goTo(index);
      else ask((was) => ({ ...was, index }));
    },
    scrollBy(by) {
      if (driven) void driven.scrollBy(by);
      else ask((was) => ({ ...was, index: was.index + by }));
    },
    setWindow(window) {
      if (driven) driven.setWindow(window);
      else ask((was) => ({ ...was, window }));
    },
  };

  return {
    steer,
    /**
     * What hangs here from now on: asked of another stack, nothing holds.
     *
     * @param begins - asked once it is put in
     */
    hang(frames: readonly Frame[] | undefined, begins: () => Begin): void {
      if (frames === stack?.frames) return;
      [stack, own, driven] = [frames && { frames, begins }, undefined, undefined];
    },
    /** Puts in what hangs, where a reader is by now. */
    drive(controller: Driven): void {
      if (!stack || stack.frames.length === 0) return;
      const { index, ...how } = own ?? stack.begins();
      own = undefined;
      driven = controller;
      void controller.show(stack.frames, within(index, stack.frames.length), how);
    },
    /** It draws no more: the next one goes on from where it stood. */
    lose(): void {
      own = driven?.stands() ?? own;
      driven = undefined;
    },
  };
}
