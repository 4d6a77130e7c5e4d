import { useEffect, useRef } from "react";
import type { ViewerInstance } from "../contract.ts";
import { type Pointed, pointedByState, pointedIn } from "./objects/read-content.ts";

const listeners = new Set<(to: Pointed) => void>();

/** Whoever shows images hears where a document points. */
export function useJumps(onJump: (to: Pointed) => void): void {
  const latest = useRef(onJump);
  latest.current = onJump;
  useEffect(() => {
    const listener = (to: Pointed) => latest.current(to);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
}

/** As if a document had been asked to go there. */
export function jumpTo(to: Pointed): void {
  for (const listener of listeners) listener(to);
}

const PRESENTATION_STATE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\./;
export const isPresentationState = ({ sopClassUid }: ViewerInstance): boolean =>
  PRESENTATION_STATE.test(sopClassUid);

/** The images that a structured report or key objects speak of, each a jump. */
export function Jumps({ instance }: { instance: ViewerInstance }) {
  const pointed = isPresentationState(instance)
    ? pointedByState(instance.header)
    : pointedIn(instance.header);
  if (pointed.length === 0) return null;
  return (
    <nav aria-label="Images of this document" className="mt-3 max-w-3xl">
      <ul className="flex flex-col gap-1.5">
        {pointed.map((to, index) => (
          <li key={`${to.sopInstanceUid}/${to.frame}`}>
            <button
              type="button"
              onClick={() => jumpTo(to)}
              className="rounded border border-field px-2 py-1 text-left font-semibold hover:bg-raised"
            >
              Go to image {index + 1}
              {to.says ? `: ${to.says}` : ""}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
