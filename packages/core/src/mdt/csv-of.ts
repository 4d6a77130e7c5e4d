import { stringify } from "csv-stringify/sync";
import type { ListKind } from "./meeting.ts";

export type ListLine = {
  number: number;
  patient: string;
  nhsNumber: string;
  born: string;
  question: string;
  referrer: string;
  /** Of a theatre list: what is to be done, its side, and the side that the images say. */
  procedure: string;
  side: string;
  imageSide: string;
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
  ["procedure", "Operation"],
  ["side", "Side"],
  ["imageSide", "Images are of"],
  ["pathway", "Pathway"],
  ["targetDate", "Target date"],
  ["presenter", "Presenter"],
  ["state", "Ready"],
  ["missing", "What is missing"],
];
/** What says who somebody is, and what was typed and may say it. What is missing names studies, not people. */
const NAMING: readonly Column[] = ["patient", "nhsNumber", "born", "question", "referrer", "procedure"];
const OF_THEATRE: readonly Column[] = ["procedure", "side", "imageSide"];
const OF_MEETING: readonly Column[] = ["pathway", "targetDate", "presenter"];
const LEFT_OUT: Record<ListKind, readonly Column[]> = {
  meeting: OF_THEATRE,
  theatre: [...OF_MEETING, "question"],
  clinic: [...OF_THEATRE, ...OF_MEETING],
};

type How = { withNames: boolean; kind: ListKind };

/** A line with nothing in it that says who somebody is. */
export const withoutNames = (line: ListLine): ListLine => ({
  ...line,
  ...Object.fromEntries(NAMING.map((key) => [key, ""])),
});

/** A list as CSV (RFC 4180); nothing in it is run by a spreadsheet as a formula. */
export const csvOf = (lines: readonly ListLine[], { withNames, kind }: How): string =>
  stringify(
    lines.map((line) => line),
    {
      header: true,
      bom: true,
      escape_formulas: true,
      record_delimiter: "windows",
      columns: ALL.filter(
        ([key]) => (withNames || !NAMING.includes(key)) && !LEFT_OUT[kind].includes(key),
      ).map(([key, header]) => ({
        key,
        header,
      })),
    },
  );
