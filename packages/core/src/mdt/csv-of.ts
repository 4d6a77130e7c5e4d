import { stringify } from "csv-stringify/sync";

export type ListLine = {
  number: number;
  patient: string;
  nhsNumber: string;
  born: string;
  question: string;
  referrer: string;
  pathway: string;
  targetDate: string;
  presenter: string;
  state: string;
  missing: string;
};
type Column = keyof ListLine;

const ALL: readonly [Column, string][] = [
  ["number", "No."],
  ["patient", "Patient"],
  ["nhsNumber", "NHS number"],
  ["born", "Born"],
  ["question", "Question"],
  ["referrer", "Referrer"],
  ["pathway", "Pathway"],
  ["targetDate", "Target date"],
  ["presenter", "Presenter"],
  ["state", "Ready"],
  ["missing", "What is missing"],
];
/** What says who somebody is, and what was typed and may say it. What is missing names studies, not people. */
const NAMING: readonly Column[] = ["patient", "nhsNumber", "born", "question", "referrer"];

/** A line with nothing in it that says who somebody is. */
export const withoutNames = (line: ListLine): ListLine => ({
  ...line,
  ...Object.fromEntries(NAMING.map((key) => [key, ""])),
});

/** A list as CSV (RFC 4180); nothing in it is run by a spreadsheet as a formula. */
export const csvOf = (lines: readonly ListLine[], withNames: boolean): string =>
  stringify(
    lines.map((line) => line),
    {
      header: true,
      bom: true,
      escape_formulas: true,
      record_delimiter: "windows",
      columns: ALL.filter(([key]) => withNames || !NAMING.includes(key)).map(([key, header]) => ({
        key,
        header,
      })),
    },
  );
