import { asDate } from "#features/shell/dates.ts";
import { nameOf, spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import type { Fact } from "#features/shell/side-by-side.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import type { Draft } from "./asked.ts";

type Opened = Outputs["study"]["open"];

function patientFacts(opened: Opened, draft: Draft): Fact[] {
  const [was, is] = [opened.patient, draft.patient];
  const number = (digits: string | undefined) => digits && spacedNhsNumber(digits);
  return [
    { name: "Patient", left: nameOf(was), right: is && nameOf(is) },
    { name: "Born", left: asDate(was.birthDate), right: is && asDate(is.birthDate) },
    { name: "Sex", left: was.sex, right: is?.sex },
    { name: "NHS number", left: number(was.nhsNumber), right: number(is?.nhsNumber) },
    {
      name: "Number in its trust",
      left: `${was.localNumber} (${was.custodian})`,
      right: is && `${is.localNumber} (${is.custodian})`,
    },
    ...(draft.level === "study"
      ? [
          {
            name: "Accession number",
            left: opened.accessionNumber,
            right: draft.accessionNumber.trim() || undefined,
          },
        ]
      : []),
  ];
}

const kept = (said: string, was: string | undefined) => said.trim() || was;

function wordFacts(opened: Opened, draft: Draft): Fact[] {
  const { says, level } = draft;
  if (level === "study")
    return [
      { name: "Description", left: opened.description, right: kept(says.description, opened.description) },
      { name: "Date", left: asDate(opened.studyDate), right: asDate(kept(says.studyDate, opened.studyDate)) },
      {
        name: "Accession number",
        left: opened.accessionNumber,
        right: kept(says.accessionNumber, opened.accessionNumber),
      },
    ];
  const chosen =
    level === "series" ? opened.series.find(({ seriesId }) => draft.ids.includes(seriesId)) : undefined;
  const was = level === "instance" ? undefined : chosen;
  return [
    { name: "Side", left: was?.laterality, right: kept(says.laterality, was?.laterality) },
    { name: "Body part", left: was?.bodyPart, right: kept(says.bodyPart.toUpperCase(), was?.bodyPart) },
    ...(says.burnedIn
      ? [{ name: "Text in the pictures", left: undefined, right: says.burnedIn === "NO" ? "none" : "some" }]
      : []),
    ...(level === "series"
      ? [{ name: "Description", left: was?.description, right: kept(says.description, was?.description) }]
      : []),
  ];
}

/** What is served now and what would be, by the same facts. */
export function factsOf(opened: Opened, draft: Draft): Fact[] {
  if (draft.wrong === "patient") return patientFacts(opened, draft);
  if (draft.wrong === "words") return wordFacts(opened, draft);
  return [{ name: "Shown", left: "yes, to everyone who may see it", right: "no, and kept" }];
}
