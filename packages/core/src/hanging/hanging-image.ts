/** The side of an image as it was established elsewhere: from attributes, never from words or pixels (clinical page §8). */
export type ImageSide =
  | { kind: "side"; side: "L" | "R" | "B" }
  | { kind: "doubt"; why: string }
  | { kind: "unpaired" };

/** `tomosynthesis`: a stack of slabs. `synthetic`: a 2D image computed from one. `document`: no image at all. */
export type ImageKind = "image" | "tomosynthesis" | "synthetic" | "specimen" | "document";

/** What can hang in one viewport: one image, or a whole series where its images belong together. */
export type HangingImage = {
  studyId: string;
  seriesId: string;
  /** Absent: the whole series. */
  instanceId?: string | undefined;
  /** 0: of the study that is read; 1: of the nearest prior, and so on. */
  prior: number;
  modality: string;
  bodyPart?: string | undefined;
  description?: string | undefined;
  seriesNumber?: number | undefined;
  instanceNumber?: number | undefined;
  side: ImageSide;
  /** CC, MLO, PA, LAT; undefined where the image doesn't say. */
  view?: string | undefined;
  /** Why the view can't be relied on: two attributes disagree. */
  viewDoubt?: string | undefined;
  kind: ImageKind;
  /** Implant Displaced. */
  isDisplaced: boolean;
  /** What makes it no plain view: magnified, spot, rolled, partial. It never takes a plain view's place. */
  extras: readonly string[];
  /** How many images scroll in it. */
  count: number;
};

/** One string for one image: whatever happens to it, it is found by this. */
export const idOf = ({ studyId, seriesId, instanceId }: HangingImage): string =>
  [studyId, seriesId, instanceId ?? "*"].join("/");
