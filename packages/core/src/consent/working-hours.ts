import { Temporal } from "temporal-polyfill";

const ZONE = "Europe/London";
const [OPENS, CLOSES, LAST_DAY_CLOSES] = [8, 18, 12];

/** The first Sunday after the first full moon of spring. @see J. Meeus, Astronomical Algorithms, ch. 8 */
function easterOf(year: number): Temporal.PlainDate {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(n / 31), day: (n % 31) + 1 });
}

const isWeekend = (day: Temporal.PlainDate) => day.dayOfWeek > 5;

/** A holiday on a weekend is kept on the next day that is neither. */
function kept(day: Temporal.PlainDate, taken: readonly Temporal.PlainDate[]): Temporal.PlainDate {
  let on = day;
  while (isWeekend(on) || taken.some((one) => one.equals(on))) on = on.add({ days: 1 });
  return on;
}

const mondayOnOrAfter = (day: Temporal.PlainDate) => day.add({ days: (8 - day.dayOfWeek) % 7 });

/** Bank holidays of England and Wales, but for those that are proclaimed for one year. @see Banking and Financial Dealings Act 1971, Schedule 1 */
export function bankHolidaysOf(year: number): Temporal.PlainDate[] {
  const on = (month: number, day: number) => Temporal.PlainDate.from({ year, month, day });
  const easter = easterOf(year);
  const christmas = kept(on(12, 25), []);
  const boxing = kept(on(12, 26), [christmas]);
  return [
    kept(on(1, 1), []),
    easter.subtract({ days: 2 }),
    easter.add({ days: 1 }),
    mondayOnOrAfter(on(5, 1)),
    mondayOnOrAfter(on(5, 25)),
    mondayOnOrAfter(on(8, 25)),
    christmas,
    boxing,
  ];
}

export const isWorkingDay = (day: Temporal.PlainDate): boolean =>
  !isWeekend(day) && !bankHolidaysOf(day.year).some((holiday) => holiday.equals(day));

/** Nobody answers a telephone on the day after: what goes out by then must leave time to ask. */
const closesOn = (day: Temporal.PlainDate) => (isWorkingDay(day.add({ days: 1 })) ? CLOSES : LAST_DAY_CLOSES);

/**
 * When a message may leave, from this moment on: 8:00 to 18:00 of a working day in London, and to noon of the last before a weekend or
 * a bank holiday (clinical page §18).
 */
export function mayLeaveFrom(now: Date): Date {
  const at = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(ZONE);
  for (let day = at.toPlainDate(); ; day = day.add({ days: 1 })) {
    if (!isWorkingDay(day)) continue;
    const opens = day.toZonedDateTime({ timeZone: ZONE, plainTime: { hour: OPENS } });
    const closes = day.toZonedDateTime({ timeZone: ZONE, plainTime: { hour: closesOn(day) } });
    if (Temporal.ZonedDateTime.compare(at, opens) <= 0) return new Date(opens.epochMilliseconds);
    if (Temporal.ZonedDateTime.compare(at, closes) < 0) return now;
  }
}
