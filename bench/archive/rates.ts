/** What one round moved, in which time. `settledSeconds`: until all of it could be found. `cpuMs`: of the archive alone. */
export type Rate = {
  objects: number;
  bytes: number;
  seconds: number;
  settledSeconds?: number;
  cpuMs: number;
};

const round = (value: number) => Number(value.toFixed(1));

/** All rounds as one, and each round's own rate: how far they lie apart is how far to trust them. */
export function summary(rates: readonly Rate[]) {
  const sum = (of: (rate: Rate) => number) => rates.reduce((total, rate) => total + of(rate), 0);
  const objects = sum((rate) => rate.objects);
  const seconds = sum((rate) => rate.seconds);
  const settled = sum((rate) => rate.settledSeconds ?? rate.seconds);
  return {
    perSecond: round(objects / seconds),
    mbPerSecond: round(sum((rate) => rate.bytes) / 1e6 / seconds),
    cpuMsEach: round(sum((rate) => rate.cpuMs) / objects),
    rounds: rates.map((rate) => round(rate.objects / rate.seconds)),
    ...(rates.some((rate) => rate.settledSeconds) ? { indexedPerSecond: round(objects / settled) } : {}),
  };
}
