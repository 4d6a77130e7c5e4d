import { type Hanging, type HungStep, hangByFirst, type Place } from "@weald/core/hanging";
import { useEffect, useMemo, useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import { type Arrangement, arrange, type Slot } from "../layout/arrangement.ts";
import { imagesOf } from "./images.ts";
import { fitting, hangNow, type Ranked, rankStudies } from "./series.ts";

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
 * A step of a protocol as a grid; the first viewport in which something hangs is the active one.
 *
 * @param own - the grid that the reader chose for it: taken where it has room for all that hangs
 */
export function arrangementOf(
  { rows, columns, places }: HungStep,
  own?: { rows: number; columns: number },
): Arrangement {
  const first = places.findIndex(({ kind }) => kind === "hung");
  const grid = own && own.rows * own.columns >= places.length ? own : { rows, columns };
  return arrange(grid.rows, grid.columns, places.map(slotOf), Math.max(0, first));
}

/** By what a reader's own grid is kept: protocol, step, and how many priors hang in it. */
export function stepKey({ protocolId }: Hanging, { name, places }: HungStep): string {
  const priors = new Set(places.flatMap((place) => (place.kind === "hung" ? [place.image.prior] : [])));
  priors.delete(0);
  return `${protocolId}/${name}/${priors.size}`;
}

async function hangRead(studies: readonly Ranked[]): Promise<Hanging | undefined> {
  const chosen = fitting(studies);
  const images = await imagesOf(studies, chosen[0]?.by ?? "series");
  return hangByFirst(chosen, images);
}

/** How the open studies hang; undefined while what must be known of their images is read. */
export function useHanging(studies: readonly OpenedStudy[]): Hanging | undefined {
  const ranked = useMemo(() => rankStudies(studies), [studies]);
  const now = useMemo(() => hangNow(ranked), [ranked]);
  const [read, setRead] = useState<{ of: readonly Ranked[]; hanging: Hanging | undefined }>();
  useEffect(() => {
    if (now) return;
    let isLeft = false;
    void hangRead(ranked).then((hanging) => {
      if (!isLeft) setRead({ of: ranked, hanging });
    });
    return () => {
      isLeft = true;
    };
  }, [ranked, now]);
  return now ?? (read?.of === ranked ? read.hanging : undefined);
}
