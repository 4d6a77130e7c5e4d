const MINUTE = 60_000;

/** "2 d 4 h", "35 min": how long until then; nothing where it has passed. */
export function spanUntil(then: string, now: number): string | undefined {
  const minutes = Math.ceil((Date.parse(then) - now) / MINUTE);
  if (minutes <= 0) return undefined;
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
