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

const stackOf = (...lines: string[]): Content => ({ stack: lines.filter(Boolean) });

const question = ({ question: asked, referrer, pathway, targetDate }: Line): Content =>
  stackOf(
    asked,
    referrer ? `asked by ${referrer}` : "",
    pathway,
    targetDate ? `target ${asDate(targetDate)}` : "",
  );
const operation = ({ procedure, referrer }: Line): Content => stackOf(procedure, referrer);
/** Large, and the images' own beside it: what is held against what. */
const side = ({ side: written, imageSide }: Line): Content => ({
  stack: [
    { text: written || "SIDE NOT WRITTEN", bold: true, fontSize: 11 },
    `images: ${imageSide || "no side said"}`,
  ],
});

/** Each aspect that is missing on a line of its own. */
const missing = ({ missing: all }: Line): Content => ({ stack: all ? all.split("; ") : ["nothing"] });

type Column = readonly [head: string, width: string | number, cell: (line: Line) => Content];

const WHO: Column = ["Patient", 130, who];
const READY: readonly Column[] = [
  ["Ready", 60, ({ state }) => ({ text: state, bold: true })],
  ["What is missing", "*", missing],
];
/** What each kind of list is about. */
const ABOUT: Record<ExportedList["heading"]["kind"], readonly Column[]> = {
  meeting: [
    ["About", 170, question],
    ["Presented by", 90, ({ presenter }) => presenter],
  ],
  theatre: [
    ["Operation", 150, operation],
    ["Side", 110, side],
  ],
  clinic: [["About", 170, question]],
};

const columnsOf = ({ heading }: ExportedList, { withNames }: Said): Column[] => [
  ["No.", "auto", ({ number }) => String(number)],
  ...(withNames ? [WHO] : []),
  ...ABOUT[heading.kind],
  ...READY,
];

/** The printed list: the cases in their order, how ready each is and what is missing; a case is never split over two pages. */
export function listOf(list: ExportedList, said: Said): TDocumentDefinitions {
  const { heading, lines } = list;
  const { withNames, isDemonstration } = said;
  const columns = columnsOf(list, said);
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
              widths: columns.map(([, width]) => width),
              body: [
                columns.map(([text]) => ({ text, bold: true })),
                ...lines.map((line) => columns.map(([, , cell]) => cell(line))),
              ],
            },
          },
    ],
  };
}
