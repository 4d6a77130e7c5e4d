import { useQuery } from "@tanstack/react-query";
import { errorText } from "#features/shell/error-text.ts";
import { useTRPC } from "#features/shell/trpc.tsx";
import { ImpressionWords } from "./impression-words.tsx";
import { ReportBadge } from "./states.tsx";
import type { useGlance } from "./use-glance.ts";

export const IMPRESSION_ID = "impression";

function Words({ studyId }: { studyId: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.reporting.glance.queryOptions({ studyId }, { retry: false }));
  if (error) return <>The report can't be shown: {errorText(error)}</>;
  if (data === undefined) return <>Reading the report …</>;
  if (!data) return <>No report stands under this study any more.</>;
  return (
    <>
      <ReportBadge state={data.state} /> <ImpressionWords {...data} />
    </>
  );
}

/** The report's own words for the row that is pointed at. The row stays where it is. */
export function ImpressionCard({ glance, stay, leave }: Omit<ReturnType<typeof useGlance>, "rowProps">) {
  if (!glance) return null;
  const { studyId, place } = glance;
  return (
    <div
      role="tooltip"
      id={IMPRESSION_ID}
      style={place}
      onPointerEnter={stay}
      onPointerLeave={leave}
      className="fixed z-20 max-h-40 max-w-xl overflow-y-auto rounded border border-line bg-panel px-3 py-2 text-sm shadow-lg"
    >
      <Words studyId={studyId} />
    </div>
  );
}
