import { FileText, Image as ImageIcon } from "lucide-react";
import type { ViewerSeries } from "../contract.ts";

type Props = {
  series: readonly ViewerSeries[];
  current: string | undefined;
  onChoose(seriesId: string): void;
};

const DOCUMENTS = new Set(["SR", "DOC", "KO", "PR"]);

/** Every series, never filtered, each with how complete it is. */
export function SeriesStrip({ series, current, onChoose }: Props) {
  return (
    <nav
      aria-label="Series"
      className="flex shrink-0 gap-1 overflow-auto bg-[#0b0f12] p-1.5 max-md:w-full md:w-44 md:flex-col"
    >
      {series.map((one) => {
        const Icon = DOCUMENTS.has(one.modality) ? FileText : ImageIcon;
        return (
          <button
            key={one.seriesId}
            type="button"
            aria-current={one.seriesId === current ? "true" : undefined}
            onClick={() => onChoose(one.seriesId)}
            className="rounded border border-[#55656f] px-2 py-1.5 text-left text-white hover:bg-white/10 aria-[current=true]:border-[#6cb4ff] aria-[current=true]:bg-[#10243a] max-md:min-w-36"
          >
            <span className="flex items-center gap-1.5 font-semibold">
              <Icon aria-hidden size={15} /> {one.modality}
              {one.number === undefined ? "" : ` ${one.number}`}
            </span>
            <span className="block text-sm">{one.description ?? "No description"}</span>
            <span
              className={`block text-xs ${one.completeness.state === "short" ? "text-[#ffc871]" : "text-[#c3ced4]"}`}
            >
              {one.completeness.text}
            </span>
          </button>
        );
      })}
    </nav>
  );
}
