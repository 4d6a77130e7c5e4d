import type { DicomJson } from "@weald/dicom";
import { Conflict, keepsAtEdge, NotFound, type Tx } from "../kernel/index.ts";
import { compareSets } from "./copies.store.ts";
import { maskedUid, type SiteMask } from "./mask-header.ts";
import { type MaskedCopy, maskedCopyOf, type Named, unmaskedBelow } from "./masked-copy.ts";
import { maskedInstance } from "./masked-instance.ts";
import { applyOverlays, changedBy, type Overlay } from "./overlay.ts";
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
  type Within,
} from "./retrieving.store.ts";
import type { ShareObject } from "./share-frames.ts";
import { countShareable } from "./site-mask.ts";
import type { RetrievalFacts } from "./study.policy.ts";

export type RetrievingFacts = RetrievalFacts & {
  copy: StudyFacts | undefined;
  others: readonly string[];
  mask?: SiteMask;
  /** Of masked UIDs that were asked for: what they stand for. */
  named?: Named;
};

/** The word of the refusal for what is hidden: who may read the study learns no more of it either. */
export const nothingHere = () => new NotFound("NOT_FOUND", "There is nothing here that you may see.");

/** The copy that this actor gets: the fullest that they may read, else the fullest, whose refusal is the answer. */
export async function retrievingFacts(tx: Tx, asked: Asked): Promise<RetrievingFacts> {
  const masked = await maskedCopyOf(tx, asked);
  if (masked) return maskedFacts(tx, asked, masked);
  const held = await findHeldUnderUid(tx, asked.studyInstanceUid, asked.custodian);
  const copies: StudyFacts[] = [];
  for (const { studyId } of held) copies.push(await studyFacts(tx, studyId));
  const readable = copies.filter((copy) => Access.decideReading(tx.actor, copy).allowed);
  const copy = readable[0] ?? copies[0];
  const others = readable.filter((one) => one !== copy).map(({ study }) => study.id);
  return { held: copy, copy, others };
}

async function maskedFacts(tx: Tx, asked: Asked, masked: MaskedCopy): Promise<RetrievingFacts> {
  const { facts, mask } = masked;
  const named = await unmaskedBelow(tx, masked, asked);
  return { held: facts, isAskedMasked: true, copy: facts, others: [], mask, named };
}

/** Some images are withheld from a masked reader; where none is left, that is the answer. */
export const allWithheld = () =>
  new NotFound(
    "IMAGES_WITHHELD",
    "Text in these images may tell where the patient was, and nobody has looked yet. Who cares for them may open them.",
  );

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
  /** A masked reader's: what is to be written before the row's key names anything. */
  share?: ShareObject;
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

/** The same for a masked reader: the share object stands for the original. Nothing for what is withheld. */
function maskedServed({ row, overlays }: Served, mask: SiteMask, page: Omit<Page, "after">): Served[] {
  const header = applyOverlays(headerOf(row), overlays);
  const masked = maskedInstance(mask, { ...row, header, frames: row.frames ?? [] });
  if (!masked) return [];
  const { objectKey, sizeBytes, transferSyntaxUid, frames } = masked.share;
  const wantsFrames = page.framesUnless !== undefined && !page.framesUnless.includes(transferSyntaxUid);
  return [
    {
      row: {
        ...row,
        seriesInstanceUid: maskedUid(mask, row.seriesInstanceUid),
        sopInstanceUid: masked.sopInstanceUid,
        ...{ objectKey, sizeBytes, transferSyntaxUid, encoding: "plain", hasMetaHeader: true },
        header: JSON.stringify(masked.header),
        frames: wantsFrames ? frames : undefined,
      },
      overlays: [],
      changed: () => undefined,
      share: masked.share,
    },
  ];
}

/** Each is written before it is given out, so a page is small. */
const MASKED_PAGE = 50;
const pageFor = (page: Omit<Page, "after">, mask: SiteMask | undefined): Omit<Page, "after"> =>
  mask
    ? {
        ...page,
        limit: Math.min(page.limit, MASKED_PAGE),
        withHeaders: "all",
        framesUnless: [],
        sizes: "stored",
      }
    : page;

/** The next page of which anything is served: all of one may be withheld from a masked reader. */
async function readPage(tx: Tx, of: Within, page: Page, serve: (row: ReadInstanceRow) => Served[]) {
  for (let { after } = page; ; ) {
    const { rows, isMore } = await findRetrieved(tx, of, { ...page, after });
    const instances = rows.flatMap(serve);
    if (instances.length > 0 || !isMore) return { rows, isMore, instances };
    after = rows.at(-1)?.id;
  }
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
  { copy, others, mask, named }: RetrievingFacts,
  wanted: Omit<Page, "after">,
): Promise<FoundPage> {
  if (!copy) throw nothingHere();
  const { study } = copy;
  const page = pageFor(wanted, mask);
  const { after, servedVersion } = asked;
  const { seriesInstanceUid, sopInstanceUid } = named ?? asked;
  if (servedVersion !== undefined && servedVersion !== study.servedVersion) throw corrected();
  if (after && !(await isInStudy(tx, study.id, after)))
    throw new Conflict("SERIES_CHANGED", "Images of this study were replaced just now. Ask for it again.");
  const of = { studyId: study.id, seriesInstanceUid, sopInstanceUid };
  const overlays = await findOverlays(tx, study.id);
  const withHeaders = overlays.length > 0 ? "all" : page.withHeaders;
  const { rows, isMore, instances } = await readPage(tx, of, { ...page, withHeaders, after }, (row) => {
    const served = servedOf(row, overlays);
    return mask ? maskedServed(served, mask, wanted) : [served];
  });
  if (rows.length === 0 && !after) throw nothingHere();
  if (instances.length === 0 && !after) throw allWithheld();
  return {
    study,
    found: {
      studyId: study.id,
      patientId: study.patientId,
      custodian: study.custodian,
      servedVersion: study.servedVersion,
      isAhead: keepsAtEdge(tx.actor),
      withheld: mask && !after ? (await countShareable(tx, study.id)).withheld : 0,
      isShared: mask !== undefined,
      differs: after ? false : await doesDiffer(tx, study.id, others),
      scope: after ? undefined : await findScope(tx, of, page.sizes),
      next: isMore ? rows.at(-1)?.id : undefined,
    },
    instances,
  };
}

/** What must be written before an answer names it. */
export const sharesIn = (served: readonly Served[]): ShareObject[] =>
  served.flatMap(({ share }) => (share ? [share] : []));

export const subjectOf = (found: Found | undefined, asked: Asked) =>
  found
    ? {
        studyId: found.studyId,
        patientId: found.patientId,
        custodian: found.custodian,
        // Before anybody asked for it: it never counts as displayed.
        ...(found.isAhead ? { verb: "fetched-ahead" as const, isPrefetch: true } : {}),
        detail: { level: asked.sopInstanceUid ? "instance" : asked.seriesInstanceUid ? "series" : "study" },
      }
    : {};
