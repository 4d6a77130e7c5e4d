import type { Content, TDocumentDefinitions } from "pdfmake/interfaces";
import { asDate, asMoment } from "#features/shell/dates.ts";
import type { Outputs } from "#features/shell/trpc.tsx";

export type ExportedList = Outputs["mdt"]["exportList"];
type Line = ExportedList["lines"][number];
type Said = { isDemonstration: boolean; withNames: boolean };

const NAMES_LEAVE = "With patients' names: for those who care for them; shred what is left over.";

const who = ({ patient, born, nhsNumber }: Line): Content => ({
  stack: [
    { text: patient, bold: true },
    born ? `born ${asDate(born)}` : "",
    nhsNumber ? `NHS ${nhsNumber}` : "",
  ].filter(Boolean),
});

const about = ({ question, referrer, pathway, targetDate }: Line): Content => ({
  stack: [
    question,
    referrer ? `asked by ${referrer}` : "",
    pathway,
    targetDate ? `target ${asDate(targetDate)}` : "",
  ].filter(Boolean),
});

/** Each aspect that is missing on a line of its own. */
const missing = ({ missing: all }: Line): Content => ({ stack: all ? all.split("; ") : ["nothing"] });

const cellsOf = (line: Line, { withNames }: Said): Content[] => [
  String(line.number),
  ...(withNames ? [who(line)] : []),
  about(line),
  line.presenter,
  { text: line.state, bold: true },
  missing(line),
];

/** The printed list: the cases in their order, how ready each is and what is missing; a case is never split over two pages. */
export function listOf({ heading, lines }: ExportedList, said: Said): TDocumentDefinitions {
  const { withNames, isDemonstration } = said;
  const heads = [
    "No.",
    ...(withNames ? ["Patient"] : []),
    "About",
    "Presented by",
    "Ready",
    "What is missing",
  ];
  const banner = [
    ...(isDemonstration ? ["DEMONSTRATION: patients and staff are invented"] : []),
    `${heading.name}, ${asMoment(heading.startsAt)}${heading.rooms.length > 0 ? `, ${heading.rooms.join(", ")}` : ""}`,
  ];
  return {
    info: { title: "A meeting's list" },
    pageSize: "A4",
    pageOrientation: "landscape",
    pageMargins: [36, 36 + banner.length * 16, 36, 40],
    defaultStyle: { fontSize: 9 },
    header: { stack: banner, bold: true, fontSize: 12, margin: [36, 20, 36, 0] },
    footer: (page, pages) => ({
      text: `${withNames ? NAMES_LEAVE : "Without names."} As it stood on ${asMoment(heading.at)}. Page ${page} of ${pages}`,
      fontSize: 8,
      margin: [36, 10, 36, 0],
    }),
    content: [
      lines.length === 0
        ? "No cases."
        : {
            layout: "lightHorizontalLines",
            table: {
              headerRows: 1,
              dontBreakRows: true,
              widths: ["auto", ...(withNames ? [130] : []), 170, 90, 60, "*"],
              body: [
                heads.map((text) => ({ text, bold: true })),
                ...lines.map((line) => cellsOf(line, said)),
              ],
            },
          },
    ],
  };
}
