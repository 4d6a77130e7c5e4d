import type { DicomJson } from "@weald/dicom";
import { Conflict, keepsAtEdge, NotFound, type Tx } from "../kernel/index.ts";
import { compareSets } from "./copies.store.ts";
import { changedBy, type Overlay } from "./overlay.ts";
import { findOverlays, isInStudy, type StudyHead } from "./reading.store.ts";
import { Access, corrected, type StudyFacts, studyFacts } from "./reading-access.ts";
import type { Asked, Found } from "./retrieval.ts";
import {
  findHeldUnderUid,
  findRetrieved,
  findScope,
  headerOf,
  type Page,
  type ReadInstanceRow,
} from "./retrieving.store.ts";
import type { RetrievalFacts } from "./study.policy.ts";

export type RetrievingFacts = RetrievalFacts & { copy: StudyFacts | undefined; others: readonly string[] };

/** The word of the refusal for what is hidden: who may read the study learns no more of it either. */
export const nothingHere = () => new NotFound("NOT_FOUND", "There is nothing here that you may see.");

/** The copy that this actor gets: the fullest that they may read, else the fullest, whose refusal is the answer. */
export async function retrievingFacts(tx: Tx, asked: Asked): Promise<RetrievingFacts> {
  const held = await findHeldUnderUid(tx, asked.studyInstanceUid, asked.custodian);
  const copies: StudyFacts[] = [];
  for (const { studyId } of held) copies.push(await studyFacts(tx, studyId));
  const readable = copies.filter((copy) => Access.decideReading(tx.actor, copy).allowed);
  const copy = readable[0] ?? copies[0];
  const others = readable.filter((one) => one !== copy).map(({ study }) => study.id);
  return { held: copy, copy, others };
}

async function doesDiffer(tx: Tx, here: string, others: readonly string[]): Promise<boolean> {
  const pairs = others.map((there) => ({ here, there }));
  return (await compareSets(tx, pairs)).some(({ moreHere, moreThere }) => moreHere + moreThere > 0);
}

/** An instance as it is served: its row, its overlays, and its header with them where it has any. */
export type Served = {
  row: ReadInstanceRow;
  overlays: readonly Overlay[];
  /** The outermost attributes that the overlays changed. */
  changed(): DicomJson | undefined;
};

function servedOf(row: ReadInstanceRow, overlays: readonly Overlay[]): Served {
  const mine = overlays.filter(
    ({ level, targetId }) => level === "study" || targetId === (level === "series" ? row.seriesId : row.id),
  );
  return {
    row,
    overlays: mine,
    changed: () => (mine.length === 0 ? undefined : changedBy(headerOf(row), mine)),
  };
}

export type FoundPage = { study: StudyHead; found: Found; instances: Served[] };

/**
 * One page of what is served: rows and overlays of one snapshot. Of the first page also how much there is in all.
 *
 * @throws {NotFound} `NOT_FOUND` where the study holds no such series or instance
 * @throws {Conflict} `SERIES_CHANGED` when the page before ended with an image that was replaced since; `STUDY_CORRECTED` when
 *   the study was corrected since its first page
 */
export async function findPage(
  tx: Tx,
  asked: Asked,
  { copy, others }: RetrievingFacts,
  page: Omit<Page, "after">,
): Promise<FoundPage> {
  if (!copy) throw nothingHere();
  const { study } = copy;
  const { seriesInstanceUid, sopInstanceUid, after, servedVersion } = asked;
  if (servedVersion !== undefined && servedVersion !== study.servedVersion) throw corrected();
  if (after && !(await isInStudy(tx, study.id, after)))
    throw new Conflict("SERIES_CHANGED", "Images of this study were replaced just now. Ask for it again.");
  const of = { studyId: study.id, seriesInstanceUid, sopInstanceUid };
  const overlays = await findOverlays(tx, study.id);
  const withHeaders = overlays.length > 0 ? "all" : page.withHeaders;
  const { rows, isMore } = await findRetrieved(tx, of, { ...page, withHeaders, after });
  if (rows.length === 0 && !after) throw nothingHere();
  return {
    study,
    found: {
      studyId: study.id,
      patientId: study.patientId,
      custodian: study.custodian,
      servedVersion: study.servedVersion,
      isAhead: keepsAtEdge(tx.actor),
      differs: after ? false : await doesDiffer(tx, study.id, others),
      scope: after ? undefined : await findScope(tx, of, page.sizes),
      next: isMore ? rows.at(-1)?.id : undefined,
    },
    instances: rows.map((row) => servedOf(row, overlays)),
  };
}

export const subjectOf = (found: Found | undefined, asked: Asked) =>
  found
    ? {
        studyId: found.studyId,
        patientId: found.patientId,
        custodian: found.custodian,
        ...(found.isAhead ? { verb: "fetched-ahead" as const } : {}),
        detail: { level: asked.sopInstanceUid ? "instance" : asked.seriesInstanceUid ? "series" : "study" },
      }
    : {};
