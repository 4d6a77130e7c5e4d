import { type FocusEvent, type PointerEvent, useEffect, useRef, useState } from "react";

/** Who runs over a list asks for nothing. */
const STAYS_MS = 400;
/** From the row into the card. */
const LEAVES_MS = 150;
const CARD_HEIGHT = 160;

/** Where the card stands: below the row, or above it where there is no room; in pixels of the window. */
type Place = { left: number; top: number } | { left: number; bottom: number };
export type Glance = { studyId: string; place: Place };

/** A list that scrolls under a resting pointer points at nothing. */
const isMoved = ({ movementX, movementY }: PointerEvent) => movementX !== 0 || movementY !== 0;

function placeOf(row: Element): Place {
  const { left, top, bottom } = row.getBoundingClientRect();
  const at = { left: Math.max(0, left) + 24 };
  if (bottom + CARD_HEIGHT <= window.innerHeight) return { ...at, top: bottom - 4 };
  return { ...at, bottom: window.innerHeight - top - 4 };
}

/** Which row is pointed at, or in focus, for long enough. Escape and scrolling put it away. */
export function useGlance() {
  const [glance, setGlance] = useState<Glance>();
  const pointed = useRef<string>(undefined);
  // A row in focus is left by the focus, not by a pointer that rests while the list scrolls.
  const by = useRef<"pointer" | "focus">("pointer");
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (ms: number, act: () => void) => {
    clearTimeout(waiting.current);
    waiting.current = setTimeout(act, ms);
  };
  const show = (studyId: string, row: Element) =>
    later(STAYS_MS, () => setGlance({ studyId, place: placeOf(row) }));
  const stay = () => clearTimeout(waiting.current);
  const leave = () => later(LEAVES_MS, () => setGlance(undefined));
  useEffect(() => {
    const away = () => setGlance(undefined);
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === "Escape") away();
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener("scroll", away, { passive: true, capture: true });
    return () => {
      clearTimeout(waiting.current);
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("scroll", away, { capture: true });
    };
  }, []);
  const rowProps = (studyId: string) => ({
    onPointerMove: (event: PointerEvent) => {
      if (event.pointerType !== "mouse" || pointed.current === studyId || !isMoved(event)) return;
      pointed.current = studyId;
      by.current = "pointer";
      show(studyId, event.currentTarget);
    },
    onPointerLeave() {
      pointed.current = undefined;
      if (by.current === "pointer") leave();
    },
    onFocus: ({ currentTarget, target }: FocusEvent) => {
      if (!target.matches(":focus-visible")) return;
      by.current = "focus";
      show(studyId, currentTarget);
    },
    onBlur() {
      if (by.current === "focus") leave();
    },
  });
  return { glance, rowProps, stay, leave };
}
