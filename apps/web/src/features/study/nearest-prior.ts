import type { Outputs } from "#features/shell/trpc.tsx";

type Row = Outputs["worklist"]["openPatient"]["rows"][number];
type Opened = Outputs["study"]["open"];

/** Mammograms are read with the last two rounds (clinical page §11). */
const ROUNDS = 2;

/** What of the same patient stands beside: the same kind of images first, then the younger. */
export function nearestPriors(opened: Opened, rows: readonly Row[]): string[] {
  const modalities = new Set(opened.series.map(({ modality }) => modality));
  const isAlike = (row: Row) => row.modalities.some((one) => one !== "SR" && modalities.has(one));
  const earlier = rows.filter(
    ({ studyId, studyDate }) =>
      studyId !== opened.studyId && studyDate !== undefined && studyDate <= (opened.studyDate ?? ""),
  );
  const [nearest, ...others] = earlier.sort(
    (a, b) =>
      Number(isAlike(b)) - Number(isAlike(a)) ||
      (b.studyDate ?? "").localeCompare(a.studyDate ?? "") ||
      a.studyId.localeCompare(b.studyId),
  );
  if (!nearest) return [];
  const rounds = modalities.has("MG") ? others.filter(isAlike).slice(0, ROUNDS - 1) : [];
  return [nearest, ...rounds].map(({ studyId }) => studyId);
}
