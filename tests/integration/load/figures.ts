import type { Look } from "./readers.ts";
import type { Load, Sent } from "./sender.ts";

type Span = { began: number; sentBy: number };

const round = (value: number) => Number(value.toFixed(1));

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

/** What was acknowledged a second, in all and within the bursts: the rate that the machine reached, not that which was asked. */
export function ratesOf({ bursts }: Load, { began, sentBy }: Span, sent: readonly Sent[]) {
  const isIn = ({ at }: Sent) => {
    const second = (at - began) / 1000;
    return bursts.some(({ from, seconds }) => second >= from && second < from + seconds);
  };
  const burstSeconds = bursts.reduce((sum, { seconds }) => sum + seconds, 0);
  const inBurst = sent.filter(isIn);
  return {
    perSecond: round(sent.length / ((sentBy - began) / 1000)),
    burstPerSecond: round(inBurst.length / burstSeconds),
  };
}

/** Seconds from the answer to a sender until a worklist has it. */
export function delayOf(sent: readonly Sent[], takenIn: ReadonlyMap<string, number>) {
  const seconds = sent.flatMap(({ itemId, at }) => {
    const taken = takenIn.get(itemId);
    return taken === undefined ? [] : [Math.max(0, taken - at) / 1000];
  });
  return { p50Seconds: percentile(seconds, 0.5), p95Seconds: percentile(seconds, 0.95) };
}

export const timesOf = (looks: readonly Look[]) => ({
  looks: looks.length,
  listP95Ms: Math.round(
    percentile(
      looks.map(({ listMs }) => listMs),
      0.95,
    ),
  ),
  openP95Ms: Math.round(
    percentile(
      looks.map(({ openMs }) => openMs),
      0.95,
    ),
  ),
});
