import type { Range } from "./match.ts";

const TIME_LOW = "000000.000000";
const TIME_HIGH = "235959.999999";
const MOMENT_LOW = "00010101000000.000000";
const MOMENT_HIGH = "99991231235959.999999";

const isDate = (text: string) => {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? [];
  if (!year) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};
const isTime = (text: string) => /^([01]\d|2[0-3])(?:[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?$/.test(text);
const isMoment = (text: string) =>
  /^\d{4}(?:\d{2}(?:\d{2}(?:\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?)?)?(?:[+-](?:0\d|1[0-4])[0-5]\d)?$/.test(
    text,
  );

/** `a-b`, `a-`, `-b` or `a`; `undefined` where it is none of them. An offset's own sign is no range of moments. */
function bounds(text: string, isBound: (text: string) => boolean): Range | undefined {
  if (isBound(text)) return { from: text, to: text };
  for (let at = text.indexOf("-"); at >= 0; at = text.indexOf("-", at + 1)) {
    const [from, to] = [text.slice(0, at), text.slice(at + 1)];
    if ((from === "" || isBound(from)) && (to === "" || isBound(to)) && (from || to))
      return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  }
  return undefined;
}

const map = (range: Range | undefined, low: (text: string) => string, high: (text: string) => string) =>
  range && {
    ...(range.from === undefined ? {} : { from: low(range.from) }),
    ...(range.to === undefined ? {} : { to: high(range.to) }),
  };

const filled = (text: string, by: string) => text + by.slice(text.length);

/** Dates of the query: YYYYMMDD, and the old YYYY.MM.DD and YYYY-MM-DD of one day. */
export const dateRange = (text: string): Range | undefined => {
  const [, ...parts] = /^(\d{4})[.-](\d{2})[.-](\d{2})$/.exec(text) ?? [];
  return bounds(parts.length > 0 ? parts.join("") : text.replaceAll(".", ""), isDate);
};

/** A time that is cut from the right stands for all of its hour, minute or second. @see DICOM PS3.4 §C.2.2.2.5 */
export const timeRange = (text: string): Range | undefined =>
  map(
    bounds(text.replaceAll(":", ""), isTime),
    (from) => filled(from, TIME_LOW),
    (to) => filled(to, TIME_HIGH),
  );

function momentFilled(text: string, by: string): string {
  const [, digits = "", offset = ""] = /^([\d.]+)([+-]\d{4})?$/.exec(text) ?? [];
  return filled(digits, by) + offset;
}

export const momentRange = (text: string): Range | undefined =>
  map(
    bounds(text, isMoment),
    (from) => momentFilled(from, MOMENT_LOW),
    (to) => momentFilled(to, MOMENT_HIGH),
  );

/** From the first date's first time to the last date's last, where both are ranges and open at the same ends. */
export function combinedRange(date: Range, time: Range): Range | undefined {
  if (date.from === date.to || time.from === time.to) return undefined;
  if ((date.from === undefined) !== (time.from === undefined)) return undefined;
  if ((date.to === undefined) !== (time.to === undefined)) return undefined;
  return {
    ...(date.from ? { from: `${date.from}${time.from}` } : {}),
    ...(date.to ? { to: `${date.to}${time.to}` } : {}),
  };
}
