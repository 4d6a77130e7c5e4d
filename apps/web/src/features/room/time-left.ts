const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const of = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;

/** How long until then, in words that are never rounded up: "2 days 3 hours", "40 minutes", "now". */
export function timeLeft(until: string, now: Date): string {
  const left = Date.parse(until) - now.getTime();
  if (left < MINUTE) return "now";
  if (left < HOUR) return of(Math.floor(left / MINUTE), "minute");
  const hours = Math.floor((left % DAY) / HOUR);
  if (left < DAY) return of(hours, "hour");
  return [of(Math.floor(left / DAY), "day"), hours > 0 ? of(hours, "hour") : ""].filter(Boolean).join(" ");
}
