import { useMemo, useRef, useState } from "react";
import type { ViewerPreference } from "../contract.ts";
import { keepInTurn } from "./keep-in-turn.ts";

/** What this reader changed of the viewer: it holds at once, and is kept; where that fails, it is said. */
export function usePreference(
  given: ViewerPreference,
  onPreference: (value: ViewerPreference) => Promise<unknown>,
) {
  const [preference, setPreference] = useState(given);
  const [isUnkept, setIsUnkept] = useState(false);
  const latest = useRef(onPreference);
  latest.current = onPreference;
  const write = useMemo(() => keepInTurn((value: ViewerPreference) => latest.current(value)), []);
  function keep(more: Partial<ViewerPreference>): void {
    const value = { ...preference, ...more };
    setPreference(value);
    write(value).then(
      () => setIsUnkept(false),
      () => setIsUnkept(true),
    );
  }
  return { preference, keep, isUnkept };
}
