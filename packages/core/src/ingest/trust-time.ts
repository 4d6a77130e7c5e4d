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
  const [, hour = "0", minute = "0", second = "0"] = /^(\d{2}):?(\d{2})?:?(\d{2})?/.exec(time ?? "") ?? [];
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (Number.isNaN(wall)) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})$/.exec(offset ?? "") ?? [];
  if (sign) return new Date(wall - (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000);
  return new Date(wall - offsetMinutes(wall - offsetMinutes(wall) * 60_000) * 60_000);
}
