import { Temporal } from "temporal-polyfill";

/** What of a series says when it is held. */
export type Rhythm = {
  weekday: number;
  everyWeeks: number;
  localTime: string;
  zone: string;
  durationMinutes: number;
  firstOn: string;
  lastOn: string | undefined;
  cutOffHours: number;
  visibleHours: number;
};

export type Occurrence = {
  heldOn: string;
  startsAt: Date;
  endsAt: Date;
  cutOffAt: Date;
  visibleUntil: Date;
};

/** The day that an instant falls on in a zone. */
export const dayIn = (zone: string, at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();

const dateOf = (zoned: Temporal.ZonedDateTime) => new Date(zoned.epochMilliseconds);

/**
 * The instants of a meeting that is held on one day: by the clock on the wall of where it is held, so that 13:30 stays 13:30 when
 * the clocks change, and "48 hours before" is the same time of the day two days earlier. A time that the change skips is the one
 * after it; of one that comes twice, the first.
 */
export function occurrenceOn(rhythm: Rhythm, heldOn: string): Occurrence {
  const { zone, localTime, durationMinutes, cutOffHours, visibleHours } = rhythm;
  const wall = Temporal.PlainDate.from(heldOn).toPlainDateTime(Temporal.PlainTime.from(localTime));
  const starts = wall.toZonedDateTime(zone);
  const ends = starts.add({ minutes: durationMinutes });
  return {
    heldOn,
    startsAt: dateOf(starts),
    endsAt: dateOf(ends),
    cutOffAt: dateOf(wall.subtract({ hours: cutOffHours }).toZonedDateTime(zone)),
    visibleUntil: dateOf(ends.toPlainDateTime().add({ hours: visibleHours }).toZonedDateTime(zone)),
  };
}

/** Theatre and clinic are told of what is missing while somebody can still act on it (clinical page §16). */
export const REDS_AT = "14:00";

/** A time on the wall of the day before, where it is held. */
export const dayBeforeAt = (zone: string, heldOn: string, localTime: string): Date =>
  dateOf(
    Temporal.PlainDate.from(heldOn)
      .subtract({ days: 1 })
      .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(localTime) }),
  );

/** Days on which it is held, from a day on; the first that is no earlier than the series' own. */
export function daysFrom(rhythm: Rhythm, from: string, count: number): string[] {
  const first = Temporal.PlainDate.from(rhythm.firstOn);
  const start = first.add({ days: (rhythm.weekday - first.dayOfWeek + 7) % 7 });
  const asked = Temporal.PlainDate.from(from);
  const step = rhythm.everyWeeks * 7;
  const behind = Math.max(0, Math.ceil(start.until(asked).days / step));
  const last = rhythm.lastOn ? Temporal.PlainDate.from(rhythm.lastOn) : undefined;
  return Array.from({ length: count }, (_, at) => start.add({ days: (behind + at) * step }))
    .filter((day) => !last || Temporal.PlainDate.compare(day, last) <= 0)
    .map(String);
}
