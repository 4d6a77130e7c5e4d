import type { Content, TDocumentDefinitions } from "pdfmake/interfaces";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { linesOf } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

export type Letter = Outputs["room"]["readLetter"];

const KINDS = { decided: "Decision", deferred: "Deferred", "not-discussed": "Not discussed" } as const;
const OPINIONS = {
  agrees: "agrees with the reports",
  "differs-minor": "differs from a report in something minor",
  "differs-major": "differs from a report in something major",
} as const;

const FOOT: [number, number, number, number] = [50, 15, 50, 0];
const head = (text: string): Content => ({ text, bold: true, fontSize: 12, margin: [0, 10, 0, 2] });
const when = (condition: unknown, ...content: Content[]): Content[] => (condition ? content : []);

/** "cT2b N0 M0, stage IIA, 8th edition"; nothing where nothing was staged. */
export function stagingText(staging: NonNullable<Letter["outcome"]>["staging"]): string {
  if (!staging) return "";
  const { prefix, t, n, m, stage, edition } = staging;
  const tnm = [t && `T${t}`, n && `N${n}`, m && `M${m}`].filter(Boolean).join(" ");
  return [tnm && `${prefix}${tnm}`, stage && `stage ${stage}`, edition && `${edition} edition`]
    .filter(Boolean)
    .join(", ");
}

function decisionOf({ outcome }: Letter): Content[] {
  if (!outcome) return [];
  const staging = stagingText(outcome.staging);
  return [
    head(KINDS[outcome.kind]),
    { text: outcome.kind === "decided" ? outcome.decision : (outcome.deferralReason ?? "") },
    ...when(staging, head("Staging"), { text: staging }),
    ...when(outcome.actions.length, head("Actions"), {
      ul: outcome.actions.map(
        ({ what, owner, dueOn }) => `${what}: ${owner}${dueOn ? `, by ${asDate(dueOn)}` : ""}`,
      ),
    }),
    ...when(outcome.opinion, head("The reviewer's opinion, apart from the decision"), {
      text: `${outcome.opinionBy ?? "The reviewer"} ${outcome.opinion ? OPINIONS[outcome.opinion] : ""}. ${outcome.opinionWords}`,
    }),
  ];
}

function addedOf({ outcome }: Letter): Content[] {
  const { addenda = [], signed } = outcome ?? {};
  return [
    { text: `Signed by ${signed?.by}, ${asMoment(signed?.at)}.`, bold: true, margin: [0, 10, 0, 0] },
    ...addenda.flatMap(({ words, writtenBy, writtenAt }) => [
      head(`Addendum, ${writtenBy}, ${asMoment(writtenAt)}`),
      { text: words },
    ]),
  ];
}

/** The letter of a signed outcome: whom it is about on each page, and that what stands in it is a recommendation. */
export function letterOf(letter: Letter, isDemonstration: boolean): TDocumentDefinitions {
  const { patient, present, studies } = letter;
  const { withoutQuorum, quorum } = present;
  const banner = [
    ...(isDemonstration ? ["DEMONSTRATION: patients and staff are invented"] : []),
    ...(patient ? linesOf(patient) : ["The patient can't be shown"]),
  ];
  return {
    info: { title: "Outcome of a meeting" },
    pageMargins: [50, 40 + banner.length * 16, 50, 50],
    header: { stack: banner, bold: true, margin: [50, 20, 50, 0] },
    footer: (page, pages) => ({
      text: `A recommendation of a meeting; it is for review, not for primary diagnosis. Page ${page} of ${pages}`,
      fontSize: 8,
      margin: FOOT,
    }),
    content: [
      { text: `${letter.meeting}, ${asDate(letter.heldOn)}`, fontSize: 16, bold: true },
      { text: letter.host },
      ...when(letter.question, head("Question"), {
        text: `${letter.question}${letter.referrer ? ` (${letter.referrer})` : ""}`,
      }),
      ...decisionOf(letter),
      head("Seen"),
      {
        ul: studies.map(
          ({ name, date, trust, images, reportVersion }) =>
            `${name}, ${asDate(date)}${trust ? `, ${trust}` : ""}: ${images} images, ${
              reportVersion ? `report version ${reportVersion}` : "no report"
            }`,
        ),
      },
      head("Present"),
      {
        text: present.people.map(({ name, part }) => `${name} (${part})`).join(", ") || "Nobody was noted.",
      },
      ...when(!quorum.isMet, {
        text: `Without a quorum: ${quorum.missing.join(", ")}.${withoutQuorum ? ` It stands because: ${withoutQuorum}` : ""}`,
      }),
      ...addedOf(letter),
    ],
  };
}
