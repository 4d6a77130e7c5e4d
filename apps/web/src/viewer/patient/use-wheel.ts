import { type RefCallback, useCallback, useRef } from "react";
import { turnOf, type Wheeled, wheeled } from "./gestures.ts";
import type { PictureController } from "./looked-at.ts";

type At = { controller: PictureController | undefined; index: number; count: number };

/** A wheel on the picture goes through the series. React hears wheels passively, where the page can't be kept from scrolling along. */
export function useWheel(at: At): RefCallback<HTMLElement> {
  const now = useRef(at);
  now.current = at;
  return useCallback((element: HTMLElement | null) => {
    if (!element) return;
    let turned: Wheeled["turned"] = 0;
    function onWheel(event: WheelEvent): void {
      const { controller, ...place } = now.current;
      // With Ctrl it enlarges the page, and so does a pinch on a trackpad.
      if (!controller || event.ctrlKey) return;
      const next = wheeled(turned, turnOf(event), place);
      turned = next.turned;
      if (!next.isOurs) return;
      event.preventDefault();
      if (next.step !== 0) void controller.scrollBy(next.step);
    }
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);
}
