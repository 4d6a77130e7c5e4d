import { useEffect, useState } from "react";
import type { Header } from "../contract.ts";
import { number } from "../header.ts";
import type { StackController } from "./stack-controller.ts";

/** What goes from picture to picture. */
type Player = Pick<StackController, "goTo">;

const SLOWEST_MS = 20;
const STACK_MS = 66;

/** Milliseconds a frame: Frame Time, else Cine Rate, else a rate at which a stack is looked through. @see DICOM PS3.3 §C.7.6.5 */
export function frameTimeOf(header: Header): number {
  const time = number(header, "00181063");
  const rate = number(header, "00180040") ?? number(header, "00082144");
  return Math.max(SLOWEST_MS, time && time > 0 ? time : rate && rate > 0 ? 1000 / rate : STACK_MS);
}

/** Plays a stack round and round; a frame that is late is waited for, so none is skipped. */
export function useCine(controller: Player | undefined, count: number, header: Header | undefined) {
  const [isPlaying, setIsPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying || !controller || count < 2 || !header) return;
    let isStopped = false;
    let at = 0;
    async function play(running: Player, milliseconds: number): Promise<void> {
      while (!isStopped) {
        const began = performance.now();
        at = (at + 1) % count;
        await running.goTo(at);
        await new Promise((resolve) =>
          setTimeout(resolve, Math.max(0, milliseconds - (performance.now() - began))),
        );
      }
    }
    void play(controller, frameTimeOf(header));
    return () => {
      isStopped = true;
    };
  }, [isPlaying, controller, count, header]);
  return {
    isPlaying: isPlaying && count > 1,
    stop: () => setIsPlaying(false),
    toggle: () => setIsPlaying((was) => !was),
  };
}
