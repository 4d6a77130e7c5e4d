import { type DragEvent, memo } from "react";
import type { Currency } from "../marks/currency.ts";
import { SERIES_DRAGGED } from "../ui/series-strip.tsx";
import type { CellProps } from "./cell-state.ts";
import { Picture } from "./picture.tsx";

export type { CellState, Places } from "./cell-state.ts";

const FRAME: Record<Currency["kind"], string> = {
  current: "border-[#6cb4ff]",
  read: "border-[#6cb4ff]",
  prior: "border-dashed border-[#ffc871]",
  "same-day": "border-dashed border-[#ffc871]",
  undated: "border-dashed border-[#ffc871]",
  newer: "border-double border-[#ff8f80]",
};

function droppedIn({ dataTransfer }: DragEvent): { studyId: string; seriesId: string } | undefined {
  const said = dataTransfer.getData(SERIES_DRAGGED);
  const [studyId, seriesId] = said ? Object.values<unknown>(JSON.parse(said)) : [];
  return typeof studyId === "string" && typeof seriesId === "string" ? { studyId, seriesId } : undefined;
}

/** One viewport: its frame, its stack, what stands beside the picture. What fails here fails here alone. */
export const Cell = memo(function Cell(props: CellProps) {
  const { at, place, of, isOneOfMany, slot, opened, currency, isActive, onActivate, onDropped } = props;
  const hung = slot.kind === "hung" ? slot.hung : undefined;
  const series = opened?.study.series.find((one) => one.seriesId === hung?.seriesId);
  const what =
    series && currency ? `${currency.text}, ${series.modality} ${series.description ?? ""}` : "empty";
  return (
    <section
      aria-label={`Viewport ${place} of ${of}: ${slot.kind === "missing" ? slot.text : what}`}
      aria-current={isActive && isOneOfMany ? "true" : undefined}
      data-cell={place}
      data-role={opened?.role}
      data-currency={currency?.kind}
      data-series={series?.description}
      data-study-date={opened?.study.studyDate}
      data-flush={hung?.flush}
      data-window={hung?.window?.name}
      data-cut={hung?.cut}
      className={`relative flex min-h-0 min-w-0 flex-col border-2 bg-black ${currency ? FRAME[currency.kind] : "border-white/20"}`}
      onPointerDownCapture={() => onActivate(at)}
      onFocusCapture={() => onActivate(at)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const choice = droppedIn(event);
        if (choice) onDropped(at, choice);
      }}
    >
      {isActive && isOneOfMany ? (
        <span aria-hidden className="pointer-events-none absolute inset-0 z-10 border-2 border-white" />
      ) : null}
      {hung && opened && series && currency ? (
        <Picture {...props} hung={hung} opened={opened} series={series} currency={currency} />
      ) : (
        <p className="m-auto p-4 text-center text-[#c3ced4]">
          {slot.kind === "missing" ? (
            <strong className="text-[#ffc871]">{slot.text}</strong>
          ) : (
            "Nothing hangs here"
          )}
        </p>
      )}
    </section>
  );
});
