const DATE = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  year: "numeric",
  timeZone: "Europe/London",
});
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Europe/London",
});

/** 2019-03-04 or an instant → 04 Mar 2019, as a British reader expects it. */
export const asDate = (value: string | undefined): string =>
  value ? DATE.format(new Date(value)) : "no date";
export const asMoment = (value: string | undefined): string =>
  value ? MOMENT.format(new Date(value)) : "no date";

/** Whole years between two dates; months under two years, as for children. */
export function ageAt(birthDate: string | undefined, at: Date): string {
  if (!birthDate) return "age unknown";
  const born = new Date(birthDate);
  const months =
    (at.getUTCFullYear() - born.getUTCFullYear()) * 12 +
    at.getUTCMonth() -
    born.getUTCMonth() -
    (at.getUTCDate() < born.getUTCDate() ? 1 : 0);
  return months < 24 ? `${Math.max(0, months)} months` : `${Math.floor(months / 12)} years`;
}
