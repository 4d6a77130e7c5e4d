import { useMemo, useRef, useState } from "react";
import type { ViewerChange, ViewerPreference } from "../contract.ts";
import { keepInTurn } from "./keep-in-turn.ts";

/** Grids one by one: two steps that were laid out are two changes. */
function mergeOf<T extends ViewerChange>(earlier: T, later: ViewerChange): T {
  const grids = later.grids && { grids: { ...earlier.grids, ...later.grids } };
  return { ...earlier, ...later, ...grids };
}

/** What this reader changed of the viewer: it holds at once, and is kept; where that fails, it is said, and sent with the next change. */
export function usePreference(
  given: ViewerPreference,
  onPreference: (change: ViewerChange) => Promise<unknown>,
) {
  const [preference, setPreference] = useState(given);
  const [isUnkept, setIsUnkept] = useState(false);
  const latest = useRef(onPreference);
  latest.current = onPreference;
  const unkept = useRef<ViewerChange>({});
  const write = useMemo(
    () =>
      keepInTurn(async (change: ViewerChange) => {
        const whole = mergeOf(unkept.current, change);
        unkept.current = whole;
        await latest.current(whole);
        unkept.current = {};
      }, mergeOf),
    [],
  );
  function keep(change: ViewerChange): void {
    setPreference((was) => mergeOf(was, change));
    write(change).then(
      () => setIsUnkept(false),
      () => setIsUnkept(true),
    );
  }
  return { preference, keep, isUnkept };
}
