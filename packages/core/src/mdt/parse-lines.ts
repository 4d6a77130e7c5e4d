import { CsvError, parse } from "csv-parse/sync";
import type { ListKind } from "./meeting.ts";

/** A line as it was pasted or imported: its words, before anybody was looked for. */
export type StatedLine = {
  line: number;
  nhsNumber: string;
  birthDate: string;
  surname: string;
  question: string;
  referrer: string;
  targetDate: string;
  pathway: string;
  /** Of a theatre list. */
  procedure: string;
  side: string;
};
type Column = Exclude<keyof StatedLine, "line">;

export const MOST_LINES = 200;
const MOST_BYTES = 200_000;

const HEADERS: readonly [Column, RegExp][] = [
  ["nhsNumber", /^nhs/],
  ["birthDate", /^(date of birth|birth date|born|dob|d\.o\.b\.?)$/],
  ["surname", /^(surname|family( name)?|last name|name)$/],
  ["procedure", /^(operation|procedure|planned)/],
  ["side", /^(side|laterality)/],
  ["question", /question|discussion|reason/],
  ["referrer", /referr|consultant|requested by/],
  ["targetDate", /target|breach|62|31|date$/],
  ["pathway", /pathway/],
];
/** Without a head: in this order. The second may be a date of birth or a surname. */
const ORDER: Record<ListKind, readonly Column[]> = {
  meeting: ["nhsNumber", "birthDate", "question", "referrer", "targetDate", "pathway"],
  theatre: ["nhsNumber", "birthDate", "procedure", "side", "referrer"],
  clinic: ["nhsNumber", "birthDate", "question", "referrer"],
};

const delimiterOf = (text: string): string => {
  const [first = ""] = text.split("\n");
  if (first.includes("\t")) return "\t";
  return first.includes(";") && !first.includes(",") ? ";" : ",";
};

function columnsOf(cells: readonly string[]): (Column | undefined)[] | undefined {
  const words = cells.map((cell) => cell.trim().toLowerCase());
  if (!words.some((word) => /^nhs/.test(word))) return undefined;
  return words.map((word) => HEADERS.find(([, pattern]) => pattern.test(word))?.[0]);
}

const isDate = (text: string) => /^\d/.test(text);

function lineOf(
  cells: readonly string[],
  columns: readonly (Column | undefined)[],
  line: number,
): StatedLine {
  const of = (column: Column) => cells[columns.indexOf(column)]?.trim() ?? "";
  const second = of("birthDate");
  const isSurname = second !== "" && !isDate(second) && of("surname") === "";
  return {
    line,
    nhsNumber: of("nhsNumber"),
    birthDate: isSurname ? "" : second,
    surname: isSurname ? second : of("surname"),
    question: of("question"),
    referrer: of("referrer"),
    targetDate: of("targetDate"),
    pathway: of("pathway"),
    procedure: of("procedure"),
    side: of("side"),
  };
}

/** A quotation mark that is never closed belongs to the words: then none of them is taken for a spreadsheet's. */
function rowsOf(text: string): string[][] {
  const options = {
    bom: true,
    delimiter: delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    to: MOST_LINES + 20,
  };
  try {
    return parse(text, options);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return parse(text, { ...options, quote: null });
  }
}

export type Parsed = { lines: StatedLine[]; isCut: boolean };

/**
 * Lines from a paste or a file: tabs, commas or semicolons, quoted as a spreadsheet does, with a head that names the columns or
 * in the order that the page names. Numbered as a person counts them; blank ones are left out.
 */
export function parseLines(text: string, kind: ListKind): Parsed {
  const isCutShort = text.length > MOST_BYTES;
  const rows = rowsOf(text.slice(0, MOST_BYTES));
  const known = rows.findIndex((cells) => cells.some((cell) => cell.trim() !== ""));
  const head = rows[known] && columnsOf(rows[known]);
  const lines = rows
    .map((cells, at) => ({ cells, line: at + 1 }))
    .filter(({ cells, line }) => cells.some((cell) => cell.trim() !== "") && !(head && line === known + 1))
    .map(({ cells, line }) => lineOf(cells, head ?? ORDER[kind], line));
  return { lines: lines.slice(0, MOST_LINES), isCut: isCutShort || lines.length > MOST_LINES };
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Day first, as a British reader writes it, or ISO; the year with four digits. No date that isn't in the calendar. */
export function dayFrom(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T.*)?$/.exec(text);
  const british = /^(\d{1,2})[\s./-](\d{1,2}|[A-Za-z]{3,9})[\s./-](\d{4})$/.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : british
      ? [british[3], british[2], british[1]]
      : [];
  if (!year || !month || !day) return undefined;
  const at = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
  const number = /^\d+$/.test(month) ? Number(month) : at + 1;
  const date = new Date(Date.UTC(Number(year), number - 1, Number(day)));
  const isReal = number > 0 && date.getUTCMonth() === number - 1 && date.getUTCDate() === Number(day);
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}
