import type { HangingImage, Protocol } from "@weald/core/hanging";
import type { OpenedStudy, ViewerInstance, ViewerSeries } from "../contract.ts";
import { libraryOf } from "../frames/series-library.ts";
import { text } from "../header.ts";
import { breastSide } from "../marks/breast-side.ts";
import { establishSide } from "../marks/side.ts";
import { viewOf } from "../marks/view.ts";

const NO_IMAGES = new Set(["SR", "DOC", "KO", "PR", "SEG", "RTSTRUCT", "REG"]);

/** A study with how far back it lies: 0 is read; of the others the newest is 1. */
export type Ranked = { opened: OpenedStudy; prior: number };

export function rankStudies(studies: readonly OpenedStudy[]): Ranked[] {
  const dateOf = ({ study }: OpenedStudy) => study.studyDate ?? "";
  const others = studies.filter(({ role }) => role !== "current");
  others.sort((a, b) => dateOf(b).localeCompare(dateOf(a)) || a.study.studyId.localeCompare(b.study.studyId));
  return [...studies.filter(({ role }) => role === "current"), ...others].map((opened, prior) => ({
    opened,
    prior,
  }));
}

function wholeSeries({ opened, prior }: Ranked, series: ViewerSeries): HangingImage {
  return {
    studyId: opened.study.studyId,
    seriesId: series.seriesId,
    prior,
    modality: series.modality,
    bodyPart: series.bodyPart,
    description: series.description,
    seriesNumber: series.number,
    side: { kind: "unpaired" },
    kind: NO_IMAGES.has(series.modality) ? "document" : "image",
    isDisplaced: false,
    extras: [],
    count: series.instanceCount,
  };
}

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

/** What there is to hang. By series nothing need be read first, so the first picture waits for nothing. */
export function seriesOf(studies: readonly Ranked[]): HangingImage[] {
  return studies.flatMap((ranked) => ranked.opened.study.series.map((series) => wholeSeries(ranked, series)));
}

export async function imagesOf(studies: readonly Ranked[], by: Protocol["by"]): Promise<HangingImage[]> {
  if (by === "series") return seriesOf(studies);
  const all = studies.flatMap((ranked) =>
    ranked.opened.study.series.map((series) => eachImage(ranked, series)),
  );
  return (await Promise.all(all)).flat();
}
