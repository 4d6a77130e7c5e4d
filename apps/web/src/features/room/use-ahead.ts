import { useEffect } from "react";
import { useTRPCClient } from "#features/shell/trpc.tsx";
import { aheadSource } from "#features/study/frame-source.ts";
import { shownAt } from "./shown-at.ts";

/** Brings the next case's facts and its first image here before it is called. It counts as fetched ahead, not as displayed. */
export function useAhead(caseId: string | undefined): void {
  const client = useTRPCClient();
  useEffect(() => {
    if (!caseId) return;
    let isOver = false;
    const fetchIt = async () => {
      const next = await client.room.readAhead.query({ caseId });
      const at = shownAt(next, undefined);
      const seriesId = next.studies.find(({ studyId }) => studyId === at?.studyId)?.firstSeriesId;
      if (isOver || !at || !seriesId) return;
      const { fetchAhead } = await import("#viewer/frames/fetch-ahead.ts");
      await fetchAhead({ source: aheadSource(client, at.studyId), seriesId });
    };
    // The case itself says so where it can't be had.
    fetchIt().catch(() => {});
    return () => {
      isOver = true;
    };
  }, [caseId, client]);
}
