const ZONE = "Europe/London";

const inZone = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function offsetMinutes(instant: number): number {
  const parts = Object.fromEntries(
    inZone.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const wall = Date.UTC(
    parts.year ?? 0,
    (parts.month ?? 1) - 1,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second,
  );
  return Math.round((wall - instant) / 60_000);
}

function timeOfDay(time: string | undefined): number[] {
  const [, hour = "0", minute = "0", second = "0"] = /^(\d{2}):?(\d{2})?:?(\d{2})?/.exec(time ?? "") ?? [];
  const parts = [hour, minute, second].map(Number);
  // 60: a leap second, which DICOM and HL7 allow.
  const [hours = 0, minutes = 0, seconds = 0] = parts;
  return hours > 23 || minutes > 59 || seconds > 60 ? [0, 0, 0] : parts;
}

/** Milliseconds as if the clock on the wall were UTC; none for a day that no calendar has. */
function wallClock(
  [year = 0, month = 0, day = 0]: number[],
  [hour = 0, minute = 0, second = 0]: number[],
): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** One that no place on Earth has is none: lists of days look no wider. @see DICOM PS3.3 §C.12.1.1.8 (-1200 to +1400) */
function statedMinutes(offset: string | undefined): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})$/.exec(offset ?? "") ?? [];
  if (!sign) return undefined;
  const stated = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return stated >= -12 * 60 && stated <= 14 * 60 ? stated : undefined;
}

/**
 * The instant of a DICOM or HL7 wall-clock time in a trust of the region (Europe/London), or with its stated offset.
 *
 * @param date - YYYYMMDD or YYYY-MM-DD; @param time - HHMMSS.ffffff, may be cut from the right or missing (noon is not
 * guessed: midnight); @param offset - ±HHMM, DICOM Timezone Offset From UTC (0008,0201)
 */
export function instantOf(
  date: string | undefined,
  time: string | undefined,
  offset: string | undefined,
): Date | undefined {
  const [, year, month, day] = /^(\d{4})[-.]?(\d{2})[-.]?(\d{2})$/.exec(date ?? "") ?? [];
  if (!year || !month || !day) return undefined;
  const wall = wallClock([year, month, day].map(Number), timeOfDay(time));
  if (wall === undefined) return undefined;
  const stated = statedMinutes(offset);
  if (stated !== undefined) return new Date(wall - stated * 60_000);
  return new Date(wall - offsetMinutes(wall - offsetMinutes(wall) * 60_000) * 60_000);
}
