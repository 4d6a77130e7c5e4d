import type { Tx } from "../kernel/index.ts";
import { readOrganisations } from "../organisation/index.ts";
import { isShareable } from "./burned-in.ts";
import { findIndexed, findPictureFacts, type PictureFacts, readShareSecret } from "./mask.store.ts";
import type { SiteMask } from "./mask-header.ts";
import { maskStudyUid } from "./mask-uid.ts";
import { applyOverlays, type Overlay } from "./overlay.ts";
import { findOverlays } from "./reading.store.ts";
import { Access, type StudyFacts } from "./reading-access.ts";
import { tellingOf, tellingWords, tellsSite, wordsOfName } from "./telling-words.ts";

/** Names, codes and places of all members: none of them stands in a text that goes out masked. */
export async function wordsOfMembers(tx: Tx): Promise<string[]> {
  const organisations = await readOrganisations(tx);
  return organisations.flatMap(({ odsCode, name, sites }) => [
    odsCode,
    ...wordsOfName(name),
    ...sites.flatMap(wordsOfName),
  ]);
}

type OfSite = { studyId: string; sourceName: string | undefined; accessionNumber: string | undefined };

/** Of each study, what the index says of its site: nothing of it stands in a text either. */
export async function wordsOfStudies(
  tx: Tx,
  studies: readonly OfSite[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const indexed = await findIndexed(
    tx,
    studies.map(({ studyId }) => studyId),
  );
  return new Map(
    studies.map(({ studyId, sourceName, accessionNumber }) => [
      studyId,
      [
        ...(sourceName ? wordsOfName(sourceName) : []),
        ...(accessionNumber ? [accessionNumber] : []),
        ...(indexed.get(studyId) ?? []).flatMap(tellingWords),
      ],
    ]),
  );
}

/** What masks this study for this actor. `undefined`: it is open to them whole, and nothing more is asked of the database. */
export async function siteMaskFor(tx: Tx, facts: StudyFacts): Promise<SiteMask | undefined> {
  if (!Access.isSiteMasked(tx.actor, facts)) return undefined;
  const { study, record } = facts;
  const secret = await readShareSecret(tx);
  const ofStudy = await wordsOfStudies(tx, [{ ...study, studyId: study.id }]);
  return {
    secret,
    studyInstanceUid: study.studyInstanceUid,
    maskedStudyUid: maskStudyUid(secret, study.id),
    words: [...(await wordsOfMembers(tx)), ...(ofStudy.get(study.id) ?? []), record.localNumber],
    nhsNumber: record.identity.nhsNumber,
  };
}

/** A text that tells no site, else nothing. */
export function maskedText(text: string | undefined, words: readonly string[]): string | undefined {
  return text !== undefined && tellsSite(text, tellingOf(words)) ? undefined : text;
}

/** Of a study's overlays, those that speak of one image. */
export const overlaysFor = (overlays: readonly Overlay[], seriesId: string, id: string) =>
  overlays.filter(
    ({ level, targetId }) => level === "study" || targetId === (level === "series" ? seriesId : id),
  );

async function picturesOf(tx: Tx, studyId: string): Promise<(PictureFacts & { isShared: boolean })[]> {
  const overlays = await findOverlays(tx, studyId);
  return (await findPictureFacts(tx, studyId)).map((one) => {
    const served = applyOverlays(one.header, overlaysFor(overlays, one.seriesId, one.id));
    return { ...one, isShared: isShareable(served, one.numberOfFrames) };
  });
}

/** How many images of each series go out masked, and how many are withheld until somebody has looked at them. */
export async function countShareable(
  tx: Tx,
  studyId: string,
): Promise<{ ofSeries: ReadonlyMap<string, number>; withheld: number }> {
  const ofSeries = new Map<string, number>();
  const pictures = await picturesOf(tx, studyId);
  const shared = pictures.filter(({ isShared }) => isShared);
  for (const { seriesId } of shared) ofSeries.set(seriesId, (ofSeries.get(seriesId) ?? 0) + 1);
  return { ofSeries, withheld: pictures.length - shared.length };
}

/** The image in the middle of the first series that goes out masked, or of one: it stands for all. */
export async function sharedRepresentative(
  tx: Tx,
  studyId: string,
  seriesInstanceUid: string | undefined,
): Promise<string | undefined> {
  const shared = (await picturesOf(tx, studyId)).filter(({ isShared }) => isShared);
  const series = seriesInstanceUid ?? shared[0]?.seriesInstanceUid;
  const within = shared.filter((one) => one.seriesInstanceUid === series);
  return within[Math.floor(within.length / 2)]?.sopInstanceUid;
}
