import {
  chooseProtocols,
  type Hanging,
  type HangingImage,
  hangByFirst,
  type Protocol,
  protocols,
} from "@weald/core/hanging";
import type { OpenedStudy, ViewerSeries } from "../contract.ts";

const NO_IMAGES = new Set(["SR", "DOC", "KO", "PR", "SEG", "RTSTRUCT", "REG"]);

/** What must be known of a study to hang it by series: no image of it, and nothing that shows one. */
export type HangingStudy = Pick<OpenedStudy, "role" | "study">;
/** A study with how far back it lies: 0 is read; of the others the newest is 1. */
export type Ranked<T extends HangingStudy = OpenedStudy> = { opened: T; prior: number };

export function rankStudies<T extends HangingStudy>(studies: readonly T[]): Ranked<T>[] {
  const dateOf = ({ study }: HangingStudy) => study.studyDate ?? "";
  const others = studies.filter(({ role }) => role !== "current");
  others.sort((a, b) => dateOf(b).localeCompare(dateOf(a)) || a.study.studyId.localeCompare(b.study.studyId));
  return [...studies.filter(({ role }) => role === "current"), ...others].map((opened, prior) => ({
    opened,
    prior,
  }));
}

export function wholeSeries({ opened, prior }: Ranked<HangingStudy>, series: ViewerSeries): HangingImage {
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

/** What there is to hang. By series nothing need be read first, so the first picture waits for nothing. */
export function seriesOf(studies: readonly Ranked<HangingStudy>[]): HangingImage[] {
  return studies.flatMap((ranked) => ranked.opened.study.series.map((series) => wholeSeries(ranked, series)));
}

/** The protocols that a study asks for, the best first. */
export function fitting(studies: readonly Ranked<HangingStudy>[]): Protocol[] {
  const read = studies.find(({ prior }) => prior === 0)?.opened.study;
  const head = read && {
    description: read.description,
    series: read.series.map(({ modality, bodyPart, description }) => ({ modality, bodyPart, description })),
  };
  return head ? chooseProtocols(head, protocols) : [];
}

/** At once, where the protocol hangs whole series. */
export function hangNow(studies: readonly Ranked<HangingStudy>[]): Hanging | undefined {
  const chosen = fitting(studies);
  return chosen[0]?.by === "series" ? hangByFirst(chosen, seriesOf(studies)) : undefined;
}

/** The series of the study that is read whose picture will be the first one, where that is known beforehand. */
export function firstSeriesOf(studies: readonly HangingStudy[]): string | undefined {
  const read = studies.find(({ role }) => role === "current")?.study.studyId;
  const places = hangNow(rankStudies(studies))?.steps[0]?.places ?? [];
  const first = places.find((place) => place.kind === "hung");
  return first?.kind === "hung" && first.image.studyId === read ? first.image.seriesId : undefined;
}
