const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Europe/London",
});
const COUNT = new Intl.NumberFormat("en-GB");

export const inCount = (count: number): string => COUNT.format(count);

/** 14:05, as the clock on the wall says it. */
export const atClock = (iso: string): string => CLOCK.format(new Date(iso));

/** Powers of 1000: 525 kB, 1.28 TB. */
export function inBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${UNITS[power]}`;
}

/** 8 seconds, 3 minutes, 2 hours, 4 days: to one unit, as one says it. */
export function inTime(seconds: number): string {
  const said = (value: number, unit: string) => `${value} ${unit}${value === 1 ? "" : "s"}`;
  if (seconds < 1) return "under a second";
  if (seconds < 90) return said(Math.round(seconds), "second");
  if (seconds < 5400) return said(Math.round(seconds / 60), "minute");
  if (seconds < 129_600) return said(Math.round(seconds / 3600), "hour");
  return said(Math.round(seconds / 86_400), "day");
}

/** From then until the figures were read. */
export const since = (then: string, asOf: string): string =>
  inTime(Math.max(0, (Date.parse(asOf) - Date.parse(then)) / 1000));
