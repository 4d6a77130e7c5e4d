/** A prior as it was ranked: the nearest to what is read first. */
export type RankedForHanging = { studyId: string; modalities: readonly string[]; isNewer: boolean };

/** Mammograms are read with the last two rounds (clinical page §11). */
const ROUNDS = 2;
const MAMMOGRAM = "MG";

/**
 * What one key brings beside: the first of the ranked that isn't newer; of mammograms the last two rounds.
 *
 * @param modalities - of the series of the study that is read
 */
export function nearestPriors(modalities: readonly string[], ranked: readonly RankedForHanging[]): string[] {
  const earlier = ranked.filter(({ isNewer }) => !isNewer);
  const rounds = modalities.includes(MAMMOGRAM)
    ? earlier.filter((prior) => prior.modalities.includes(MAMMOGRAM))
    : [];
  const beside = rounds.length > 0 ? rounds.slice(0, ROUNDS) : earlier.slice(0, 1);
  return beside.map(({ studyId }) => studyId);
}
