import type { Outputs } from "#features/shell/trpc.tsx";

type Prior = Outputs["timeline"]["priors"]["priors"][number];
type Opened = Outputs["study"]["open"];

/** Mammograms are read with the last two rounds (clinical page §11). */
const ROUNDS = 2;

/** What one key brings beside: the first of the ranked that isn't newer; of mammograms the last two rounds. */
export function nearestPriors(opened: Opened, ranked: readonly Prior[]): string[] {
  const earlier = ranked.filter(({ isNewer }) => !isNewer);
  const isMammogram = opened.series.some(({ modality }) => modality === "MG");
  const rounds = isMammogram ? earlier.filter(({ modalities }) => modalities.includes("MG")) : [];
  const beside = rounds.length > 0 ? rounds.slice(0, ROUNDS) : earlier.slice(0, 1);
  return beside.map(({ studyId }) => studyId);
}
