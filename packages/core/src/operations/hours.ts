import type { ArrivalHour } from "../ingest/index.ts";

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

export const hourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
export const hoursAfter = (at: Date, hours: number): Date => new Date(at.getTime() + hours * HOUR_MS);

export const laterOf = (a: Date, b: Date): Date => new Date(Math.max(a.getTime(), b.getTime()));
export const earlierOf = (a: Date, b: Date): Date => new Date(Math.min(a.getTime(), b.getTime()));

/** The hour that runs and the 23 before it, the oldest first. */
export function lastDay(now: Date): { from: Date; until: Date } {
  const running = hourOf(now);
  return { from: hoursAfter(running, 1 - DAY_HOURS), until: hoursAfter(running, 1) };
}

export type HourOfDay = { hour: string; instances: number; studies: number };

/** A row for each hour of the last day: one in which nothing came says 0. */
export function everyHour(now: Date, came: readonly ArrivalHour[]): HourOfDay[] {
  const of = new Map(came.map((row) => [row.hour.getTime(), row]));
  const { from } = lastDay(now);
  return Array.from({ length: DAY_HOURS }, (_, index) => {
    const hour = hoursAfter(from, index);
    const { instances = 0, studies = 0 } = of.get(hour.getTime()) ?? {};
    return { hour: hour.toISOString(), instances, studies };
  });
}
