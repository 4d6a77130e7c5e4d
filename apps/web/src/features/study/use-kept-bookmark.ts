import { useEffect, useState } from "react";
import { asMoment } from "#features/shell/dates.ts";
import { type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";

type Place = NonNullable<Outputs["annotation"]["readBookmark"]["bookmark"]>["place"];
type Kept = { place: Place; at: string };

/** Where this reader stopped in this study the last time, and when. What isn't heard of isn't offered. */
export function useKeptBookmark(studyId: string, isWanted: boolean): Kept | undefined {
  const client = useTRPCClient();
  const [kept, setKept] = useState<Kept>();
  useEffect(() => {
    if (!isWanted) return;
    let isLeft = false;
    client.annotation.readBookmark.query({ studyId }).then(
      ({ bookmark }) => {
        if (bookmark && !isLeft) setKept({ place: bookmark.place, at: asMoment(bookmark.keptAt) });
      },
      () => {},
    );
    return () => {
      isLeft = true;
    };
  }, [client, studyId, isWanted]);
  return kept;
}
