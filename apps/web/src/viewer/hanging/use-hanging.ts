import {
  type Hanging,
  type HangingImage,
  type HungGrid,
  hangByFirst,
  type Place,
  type Protocol,
} from "@weald/core/hanging";
import { useEffect, useMemo, useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import { type Arrangement, arrange, type Slot } from "../layout/arrangement.ts";
import { imagesOf } from "./images.ts";
import { fitting, type Ranked, rankStudies, seriesOf } from "./series.ts";

function slotOf(place: Place): Slot {
  if (place.kind !== "hung") return place;
  const { image, flush, window } = place;
  const { studyId, seriesId, instanceId } = image;
  return {
    kind: "hung",
    hung: {
      studyId,
      seriesId,
      flush,
      window,
      instanceIds: instanceId === undefined ? undefined : [instanceId],
    },
  };
}

/**
 * A grid of a protocol's step; the first viewport in which something hangs is the active one.
 *
 * @param own - the grid that the reader chose for it: taken where it has room for all that hangs
 */
export function arrangementOf(
  { rows, columns, places }: HungGrid,
  own?: { rows: number; columns: number },
): Arrangement {
  const first = places.findIndex(({ kind }) => kind === "hung");
  const grid = own && own.rows * own.columns >= places.length ? own : { rows, columns };
  return arrange(grid.rows, grid.columns, places.map(slotOf), Math.max(0, first));
}

/** How it hangs on one screen; and on two, where the protocol says anything of the second. */
type Ways = { one: Hanging | undefined; two: Hanging | undefined };

function waysOf(chosen: readonly Protocol[], images: readonly HangingImage[]): Ways {
  const one = hangByFirst(chosen, images);
  const two = hangByFirst(chosen, images, 2);
  return { one, two: two?.steps.some(({ second }) => second) ? two : one };
}

/** At once, where the protocol hangs whole series. */
function hangNow(studies: readonly Ranked[]): Ways | undefined {
  const chosen = fitting(studies);
  return chosen[0]?.by === "series" ? waysOf(chosen, seriesOf(studies)) : undefined;
}

async function hangRead(studies: readonly Ranked[]): Promise<Ways> {
  const chosen = fitting(studies);
  return waysOf(chosen, await imagesOf(studies, chosen[0]?.by ?? "series"));
}

/** How the open studies hang; undefined while what must be known of their images is read. */
export function useHanging(studies: readonly OpenedStudy[], screens: 1 | 2): Hanging | undefined {
  const ranked = useMemo(() => rankStudies(studies), [studies]);
  const now = useMemo(() => hangNow(ranked), [ranked]);
  const [read, setRead] = useState<{ of: readonly Ranked[]; ways: Ways }>();
  useEffect(() => {
    if (now) return;
    let isLeft = false;
    void hangRead(ranked).then((ways) => {
      if (!isLeft) setRead({ of: ranked, ways });
    });
    return () => {
      isLeft = true;
    };
  }, [ranked, now]);
  const ways = now ?? (read?.of === ranked ? read.ways : undefined);
  return screens === 2 ? ways?.two : ways?.one;
}
