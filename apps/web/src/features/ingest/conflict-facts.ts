import { asDate } from "#features/shell/dates.ts";
import { spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import type { Fact } from "#features/shell/side-by-side.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type Comparison = Outputs["ingest"]["compareQuarantined"];
type Here = NonNullable<Comparison["here"]>;
type Compared = Comparison["came"];

const SEX: Record<string, string> = { M: "male", F: "female", O: "other" };
const SIDES: Record<string, string> = { L: "LEFT", R: "RIGHT", B: "BOTH", U: "unpaired" };

const words: { name: string; of(one: Compared): string | undefined; isOwn?: boolean }[] = [
  { name: "Name", of: ({ said }) => said.name || undefined },
  { name: "Number", of: ({ said }) => said.localNumber },
  { name: "Born", of: ({ said }) => said.birthDate && asDate(said.birthDate) },
  { name: "Sex", of: ({ said }) => said.sex && (SEX[said.sex] ?? said.sex) },
  {
    name: "NHS number",
    of: ({ said }) =>
      said.nhsNumber && (/^\d{10}$/.test(said.nhsNumber) ? spacedNhsNumber(said.nhsNumber) : said.nhsNumber),
  },
  { name: "Side", of: ({ side }) => side && (SIDES[side] ?? side), isOwn: true },
  { name: "Study date", of: ({ studyDate }) => studyDate && asDate(studyDate) },
  { name: "Study", of: ({ studyDescription }) => studyDescription },
  { name: "Accession number", of: ({ accessionNumber }) => accessionNumber },
  { name: "Study UID", of: ({ studyInstanceUid }) => studyInstanceUid },
  {
    name: "Series",
    of: ({ modality, seriesDescription }) => [modality, seriesDescription].filter(Boolean).join(", "),
    isOwn: true,
  },
  { name: "Series UID", of: ({ seriesInstanceUid }) => seriesInstanceUid, isOwn: true },
  { name: "Object UID", of: ({ sopInstanceUid }) => sopInstanceUid, isOwn: true },
];

/** Two different objects of one study have their own side, series and UID: only of one object is that a difference. */
export const factsOf = (here: Here | undefined, came: Compared, isSameObject: boolean): Fact[] =>
  words.map(({ name, of, isOwn }) => ({
    name,
    left: here ? of(here) : undefined,
    right: of(came),
    mayDiffer: !here || (isOwn === true && !isSameObject),
  }));
