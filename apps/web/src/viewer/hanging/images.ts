import type { HangingImage, Protocol } from "@weald/core/hanging";
import type { ViewerInstance, ViewerSeries } from "../contract.ts";
import { libraryOf } from "../frames/series-library.ts";
import { text } from "../header.ts";
import { breastSide } from "../marks/breast-side.ts";
import { establishSide } from "../marks/side.ts";
import { viewOf } from "../marks/view.ts";
import { type Ranked, seriesOf, wholeSeries } from "./series.ts";

function oneImage(ranked: Ranked, series: ViewerSeries, instance: ViewerInstance): HangingImage {
  const { header } = instance;
  const isBreast = text(header, "00080060") === "MG";
  const { view, doubt, extras, isDisplaced, kind } = viewOf(header, instance.sopClassUid);
  return {
    ...wholeSeries(ranked, series),
    instanceId: instance.instanceId,
    instanceNumber: instance.instanceNumber,
    side: isBreast ? breastSide(header) : establishSide(header),
    view,
    ...(isBreast ? { viewDoubt: doubt, extras, isDisplaced } : {}),
    kind: instance.frames.length === 0 ? "document" : kind,
    count: instance.frames.length,
  };
}

/** The images of a series one by one; one that can't be read is still there, whole, and says why in its viewport. */
async function eachImage(ranked: Ranked, series: ViewerSeries): Promise<HangingImage[]> {
  const whole = wholeSeries(ranked, series);
  if (whole.kind === "document") return [whole];
  try {
    const { instances } = await libraryOf(ranked.opened.source).series(series.seriesId);
    return instances.length === 0 ? [whole] : instances.map((instance) => oneImage(ranked, series, instance));
  } catch {
    return [{ ...whole, side: { kind: "doubt", why: "the series could not be read" } }];
  }
}

export async function imagesOf(studies: readonly Ranked[], by: Protocol["by"]): Promise<HangingImage[]> {
  if (by === "series") return seriesOf(studies);
  const all = studies.flatMap((ranked) =>
    ranked.opened.study.series.map((series) => eachImage(ranked, series)),
  );
  return (await Promise.all(all)).flat();
}
