import type { Shown } from "../stack/stack-controller.ts";
import type { Computed } from "./derived-frames.ts";

type Props = { computed: Computed; columns: number; placed: Shown["placed"] };

/** That nobody acquired this picture, and where slices are missing in it (clinical page §5). */
export function ComputedMarks({ computed, columns, placed }: Props) {
  const { name, from, missing, bands } = computed;
  return (
    <>
      <p className="pointer-events-none absolute bottom-12 left-3 text-[0.8125rem] font-semibold text-[#ffc871] [text-shadow:0_0_3px_black]">
        COMPUTED, {name}, from {from} slices
        {missing > 0 ? `: ${missing} MISSING, hatched, not filled in` : ""}
      </p>
      {placed
        ? bands.map(({ top, bottom }) => (
            <div
              key={top}
              aria-hidden
              data-testid="missing-slices"
              className="pointer-events-none absolute border-y border-[#ffc871]"
              style={{
                left: placed.left,
                top: placed.top + top * placed.scale,
                width: columns * placed.scale,
                height: (bottom - top) * placed.scale,
                background: "repeating-linear-gradient(45deg, #ffc871 0 2px, #000 2px 8px)",
              }}
            />
          ))
        : null}
    </>
  );
}
