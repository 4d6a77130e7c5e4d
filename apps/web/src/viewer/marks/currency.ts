/** Whether what is looked at is the newest of its patient, in words that stand in the viewport (clinical page §9). */
export type Currency = {
  kind: "current" | "prior" | "undated" | "same-day" | "newer" | "read";
  text: string;
};

const MONTHS_A_YEAR = 12;

/** Whole months from one date to a later one, both YYYY-MM-DD. */
function monthsBetween(from: string, to: string): number {
  const [a, b] = [new Date(from), new Date(to)];
  const months =
    (b.getUTCFullYear() - a.getUTCFullYear()) * MONTHS_A_YEAR + b.getUTCMonth() - a.getUTCMonth();
  return b.getUTCDate() < a.getUTCDate() ? months - 1 : months;
}

const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** "3 y 2 m", "4 m", "12 d": from the newest study back to this one. */
function intervalText(from: string, to: string): string {
  const months = monthsBetween(from, to);
  if (months < 1) return `${daysBetween(from, to)} d`;
  const [years, rest] = [Math.floor(months / MONTHS_A_YEAR), months % MONTHS_A_YEAR];
  return [years > 0 ? `${years} y` : "", rest > 0 ? `${rest} m` : ""].filter(Boolean).join(" ");
}

export function currencyOf(studyDate: string | undefined, newestDate: string | undefined): Currency {
  if (!studyDate || !newestDate) return { kind: "undated", text: "DATE UNKNOWN" };
  if (studyDate >= newestDate) return { kind: "current", text: "CURRENT" };
  return { kind: "prior", text: `PRIOR ${intervalText(studyDate, newestDate)}` };
}

type Dated = { studyDate?: string | undefined; newestDate?: string | undefined };

/** What stands beside the study that is read. It never says CURRENT: that is one study's word. */
export function currencyBeside({ studyDate }: Dated, read: Dated): Currency {
  if (!studyDate || !read.studyDate) return { kind: "undated", text: "NOT THE ONE YOU READ, DATE UNKNOWN" };
  if (studyDate > read.studyDate)
    return { kind: "newer", text: `NEWER than what you read, by ${intervalText(read.studyDate, studyDate)}` };
  if (studyDate === read.studyDate) return { kind: "same-day", text: "SAME DAY, not the one you read" };
  return currencyOf(studyDate, read.studyDate);
}

/** What stands on the study that is read while others stand beside it: it looks like none of them, and says if one is newer. */
export function currencyRead({ studyDate, newestDate }: Dated): Currency {
  if (!studyDate || !newestDate || studyDate >= newestDate) return currencyOf(studyDate, newestDate);
  return { kind: "read", text: `READING, the newest is ${intervalText(studyDate, newestDate)} younger` };
}

/** The colour of the study that is read, and of no other. */
export const isRead = ({ kind }: Currency): boolean => kind === "current" || kind === "read";
