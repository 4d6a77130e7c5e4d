/** What somebody typed into the search box, as the question that it is. */
export type Asked =
  | { by: "nhs-number"; nhsNumber: string }
  /** Two dates where two digits of a year may be of either century: asked one after the other. */
  | { by: "name"; family: string; given: string; birthDates: string[] }
  | { by: "accession-number"; accessionNumber: string }
  | { by: "nothing"; why: string };

const DATE = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$/;
const pad = (number: number) => String(number).padStart(2, "0");

/** Day first, as a British reader writes it. No date that isn't in the calendar. */
function datesOf(word: string, now: Date): string[] {
  const [, day = "", month = "", year = ""] = DATE.exec(word) ?? [];
  if (!year) return [];
  const century = Math.floor(now.getUTCFullYear() / 100) * 100;
  const years = year.length === 4 ? [Number(year)] : [century + Number(year), century - 100 + Number(year)];
  return years
    .filter((one) => one <= now.getUTCFullYear())
    .map((one) => ({ one, at: new Date(Date.UTC(one, Number(month) - 1, Number(day))) }))
    .filter(({ at }) => at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day))
    .map(({ one }) => `${one}-${pad(Number(month))}-${pad(Number(day))}`);
}

/** SMITH John, Smith, John, or Smith John: what stands in capitals or before the comma is the family name. */
function nameOf(words: readonly string[]): { family: string; given: string } {
  const text = words.join(" ");
  const comma = text.indexOf(",");
  if (comma > 0) return { family: text.slice(0, comma).trim(), given: text.slice(comma + 1).trim() };
  const isCapital = (word: string) => word.length > 1 && word === word.toUpperCase() && /\p{L}/u.test(word);
  const capitals = words.filter(isCapital);
  if (capitals.length > 0 && capitals.length < words.length)
    return { family: capitals.join(" "), given: words.filter((word) => !isCapital(word)).join(" ") };
  return { family: words[0] ?? "", given: words.slice(1).join(" ") };
}

const NAME_AND_DATE = "Give the full name and the date of birth: SMITH John 3/4/1961.";

/** `999 123 4567`, `SMITH John 3/4/61`, or an accession number (clinical page §24). Nobody is browsed. */
export function askedIn(typed: string, now: Date): Asked {
  const text = typed.trim();
  if (text === "")
    return { by: "nothing", why: `${NAME_AND_DATE} Or an NHS number, or an accession number.` };
  const digits = text.replace(/[\s-]/g, "");
  if (/^\d{10}$/.test(digits)) return { by: "nhs-number", nhsNumber: digits };
  const words = text.split(/\s+/);
  const date = words.at(-1) ?? "";
  if (DATE.test(date)) {
    const birthDates = datesOf(date, now);
    const { family, given } = nameOf(words.slice(0, -1));
    if (birthDates.length === 0) return { by: "nothing", why: "That date of birth isn't in the calendar." };
    return family && given
      ? { by: "name", family, given, birthDates }
      : { by: "nothing", why: NAME_AND_DATE };
  }
  // A number may hold letters; a name alone holds no digit, and finds nobody.
  if (words.length === 1 && /\d/.test(text)) return { by: "accession-number", accessionNumber: text };
  return { by: "nothing", why: NAME_AND_DATE };
}
