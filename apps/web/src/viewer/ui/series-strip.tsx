import { FileText, Image as ImageIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { ViewerSeries, ViewerStudy } from "../contract.ts";
import { type Currency, isRead } from "../marks/currency.ts";

type Choice = { studyId: string; seriesId: string };
type Props = {
  studies: readonly { study: ViewerStudy; currency: Currency }[];
  current: Choice | undefined;
  /** Into the active viewport: by a click, or Enter. */
  onChoose(choice: Choice): void;
  /** Stands at its end. */
  foot?: ReactNode;
};

export const SERIES_DRAGGED = "application/x-weald-series";

const DOCUMENTS = new Set(["SR", "DOC", "KO", "PR"]);

/** Every series of every open study, never filtered, each with how complete it is. To click, or to drag into a viewport. */
export function SeriesStrip({ studies, current, onChoose, foot }: Props) {
  return (
    <div className="flex shrink-0 gap-1 overflow-auto bg-[#0b0f12] p-1.5 max-md:w-full md:w-44 md:flex-col">
      <nav aria-label="Series" className="flex shrink-0 gap-1 md:flex-col">
        {studies.flatMap(({ study, currency }) => [
          studies.length > 1 ? (
            <p
              key={study.studyId}
              className={`px-1 pt-1 text-xs font-semibold ${isRead(currency) ? "text-[#6cb4ff]" : "text-[#ffc871]"}`}
            >
              {currency.text}
              <span className="block font-normal text-[#c3ced4]">
                {study.dateText}, {study.trustName}
              </span>
            </p>
          ) : null,
          ...study.series.map((one) => (
            <Item
              key={`${study.studyId}/${one.seriesId}`}
              series={one}
              isCurrent={one.seriesId === current?.seriesId && study.studyId === current.studyId}
              choice={{ studyId: study.studyId, seriesId: one.seriesId }}
              onChoose={onChoose}
            />
          )),
        ])}
      </nav>
      {foot}
    </div>
  );
}

type ItemProps = { series: ViewerSeries; isCurrent: boolean; choice: Choice; onChoose(choice: Choice): void };

function Item({ series, isCurrent, choice, onChoose }: ItemProps) {
  const Icon = DOCUMENTS.has(series.modality) ? FileText : ImageIcon;
  return (
    <button
      type="button"
      draggable
      onDragStart={({ dataTransfer }) => dataTransfer.setData(SERIES_DRAGGED, JSON.stringify(choice))}
      aria-current={isCurrent ? "true" : undefined}
      onClick={() => onChoose(choice)}
      className="rounded border border-[#55656f] px-2 py-1.5 text-left text-white hover:bg-white/10 aria-[current=true]:border-[#6cb4ff] aria-[current=true]:bg-[#10243a] max-md:min-w-36"
    >
      <span className="flex items-center gap-1.5 font-semibold">
        <Icon aria-hidden size={15} /> {series.modality}
        {series.number === undefined ? "" : ` ${series.number}`}
      </span>
      <span className="block text-sm">{series.description ?? "No description"}</span>
      <span
        className={`block text-xs ${series.completeness.state === "short" ? "text-[#ffc871]" : "text-[#c3ced4]"}`}
      >
        {series.completeness.text}
      </span>
    </button>
  );
}
