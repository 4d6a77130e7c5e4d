import type { ReadingScope } from "../access/index.ts";
import { organisationOf, type Tx } from "../kernel/index.ts";
import { type Completeness, completenessOfStudy } from "./completeness.ts";
import { compareSets, type SetDifference } from "./copies.store.ts";
import { findStudiesOfPatients, type HeldStudy, type SeriesOfPatient } from "./of-patient.store.ts";
import { findOverlaysOfStudies } from "./reading.store.ts";
import { servedSeries, servedStudy } from "./served.ts";

export type StudyOfPatient = Omit<HeldStudy, "confirmation"> & {
  completeness: Completeness;
  /** Each with the number that its own trust gave it. */
  copies: (SetDifference &
    Pick<HeldStudy, "studyId" | "custodian" | "accessionNumber" | "accessionIssuer">)[];
};

async function asServed(tx: Tx, studies: readonly HeldStudy[]): Promise<HeldStudy[]> {
  const overlays = await findOverlaysOfStudies(
    tx,
    studies.map(({ studyId }) => studyId),
  );
  return studies.map((study) => {
    const own = overlays.get(study.studyId) ?? [];
    const series = study.series.map((one): SeriesOfPatient => ({ ...one, ...servedSeries(one, own) }));
    return { ...study, ...servedStudy({ ...study, id: study.studyId }, own), series };
  });
}

type Pair = { here: HeldStudy; there: HeldStudy };

function pairsOf(studies: readonly HeldStudy[]): Pair[] {
  return studies.flatMap((here) =>
    studies
      .filter(
        (there) =>
          there.studyInstanceUid === here.studyInstanceUid &&
          there.custodian !== here.custodian &&
          there.patientId === here.patientId,
      )
      .toSorted((a, b) => a.custodian.localeCompare(b.custodian))
      .map((there) => ({ here, there })),
  );
}

/** One's own trust's, else the first that came. */
const standsBefore =
  (own: string) =>
  (a: HeldStudy, b: HeldStudy): boolean =>
    a.custodian === own || b.custodian === own ? a.custodian === own : a.studyId < b.studyId;

/**
 * What this actor's scope holds of these patients, as it is served, the newest first. Copies of one study whose images are the
 * same show once; of those that differ each says what the other has more.
 */
export async function studiesOfPatients(
  tx: Tx,
  scope: ReadingScope,
  patientIds: readonly string[],
  limit: number,
): Promise<StudyOfPatient[]> {
  const held = await findStudiesOfPatients(tx, scope, patientIds, limit);
  const pairs = pairsOf(held);
  const differences = await compareSets(
    tx,
    pairs.map(({ here, there }) => ({ here: here.studyId, there: there.studyId })),
  );
  const compared = pairs.flatMap((pair, at) => {
    const difference = differences[at];
    return difference ? [{ ...pair, difference }] : [];
  });
  const isBefore = standsBefore(organisationOf(tx.actor) ?? "");
  const isShownByAnother = (study: HeldStudy) =>
    compared.some(
      ({ here, there, difference }) =>
        here === study && difference.moreThere + difference.moreHere === 0 && isBefore(there, here),
    );
  const shown = held.filter((study) => !isShownByAnother(study));
  const copiesOf = new Map(
    shown.map((study) => [
      study.studyId,
      compared
        .filter(({ here }) => here === study)
        .map(({ there: { studyId, custodian, accessionNumber, accessionIssuer }, difference }) => ({
          studyId,
          custodian,
          accessionNumber,
          accessionIssuer,
          ...difference,
        })),
    ]),
  );
  return (await asServed(tx, shown)).map(({ confirmation, ...study }) => ({
    ...study,
    completeness: completenessOfStudy(study.series, confirmation),
    copies: copiesOf.get(study.studyId) ?? [],
  }));
}
