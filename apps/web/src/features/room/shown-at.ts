import type { Outputs } from "#features/shell/trpc.tsx";

type Ahead = Outputs["room"]["readAhead"];

/** What a place shows of a case: the pin that was chosen, else the first, else its newest study. */
export function shownAt(shown: Ahead, pinId: string | undefined) {
  const pins = shown.pins.filter(({ isThere }) => isThere);
  const pin = pins.find(({ id }) => id === pinId) ?? pins[0];
  const newest = shown.studies.find(({ firstSeriesId }) => firstSeriesId);
  const studyId = pin?.studyId ?? newest?.studyId;
  return studyId
    ? { studyId, pinId: pin?.id, viewId: pin?.kind === "view" ? pin.markId : undefined }
    : undefined;
}
