import { createHmac } from "node:crypto";
import { type DicomJson, isImageClass, text } from "@weald/dicom";
import type { Tx } from "../kernel/index.ts";
import { sharesBytes } from "./burned-in.ts";
import { type Completeness, completenessOfStudy } from "./completeness.ts";
import { findPicturesOfStudy } from "./link-picture.store.ts";
import { findLinkedFacts, type LinkedFacts } from "./linked-series.store.ts";
import { readShareSecret } from "./mask.store.ts";
import { maskedHeader, maskedUid, type SiteMask } from "./mask-header.ts";
import { maskUid } from "./mask-uid.ts";
import { narrowFrames } from "./narrow-header.ts";
import { applyOverlays } from "./overlay.ts";
import type { ReadInstance } from "./read-series.ts";
import {
  findInstances,
  findInstancesOfStudy,
  findOverlays,
  findSeriesOfStudy,
  isInSeries,
  type StoredInstance,
} from "./reading.store.ts";
import type { StudyFacts } from "./reading-access.ts";
import { servedSeries, servedStudy } from "./served.ts";
import { layOutShare, type ShareObject } from "./share-frames.ts";
import { overlaysFor } from "./site-mask.ts";
import { viewerHeader } from "./viewer-header.ts";

/**
 * Images as they go out by a link: share objects of a scope of their own, with UIDs that are the link's alone (docs/adr/0024). `only`: by
 * image, which frames of it, counted from 1; none: all. What it doesn't name doesn't go out.
 */
export type LinkScope = {
  scope: string;
  /** Series that the link names; `undefined`: all of the study. */
  seriesIds: ReadonlySet<string> | undefined;
  only: ReadonlyMap<string, readonly number[]> | undefined;
};

type Linked = { share: ShareObject; sopInstanceUid: string; header: DicomJson };
type Row = StoredInstance & { seriesId: string };

const isInScope = ({ seriesIds, only }: LinkScope, { seriesId, id }: { seriesId: string; id: string }) =>
  (seriesIds === undefined || seriesIds.has(seriesId)) && (only === undefined || only.has(id));

/** UIDs of one link agree among themselves and with nobody else's. */
async function maskOf(tx: Tx, { study, record }: StudyFacts, { scope }: LinkScope): Promise<SiteMask> {
  const secret = createHmac("sha256", await readShareSecret(tx))
    .update(`link|${scope}`)
    .digest("hex");
  return {
    secret,
    studyInstanceUid: study.studyInstanceUid,
    maskedStudyUid: maskUid(secret, study.studyInstanceUid),
    words: [],
    nhsNumber: record.identity.nhsNumber,
  };
}

/** Pictures alone: documents are text that nobody has looked through. */
const isPicture = (header: DicomJson, frames: number): boolean =>
  frames > 0 && isImageClass(text(header, "00080016") ?? "") && !(frames > 1 && sharesBytes(header));

function linked(mask: SiteMask, scope: LinkScope, row: Row, served: DicomJson): Linked | undefined {
  if (!isInScope(scope, row) || !isPicture(served, row.frames.length)) return undefined;
  const narrowed = narrowFrames(maskedHeader(served, mask), row.frames, scope.only?.get(row.id) ?? []);
  if (!narrowed) return undefined;
  const { objectKey, transferSyntaxUid, encoding } = row;
  const source = { objectKey, transferSyntaxUid, encoding, frames: narrowed.frames };
  try {
    const share = layOutShare(mask.secret, { scope: scope.scope, header: narrowed.header, source });
    return { share, header: share.dataset, sopInstanceUid: maskedUid(mask, row.sopInstanceUid) };
  } catch (error) {
    // A value that doesn't fit the syntax it came in: what can't be written isn't given out in part.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function shape(row: Row, version: number, { share, header, sopInstanceUid }: Linked): ReadInstance {
  const { sopClassUid, instanceNumber, slicePosition } = row;
  return {
    ...{ instanceId: row.id, version, sopInstanceUid, sopClassUid, instanceNumber, slicePosition },
    numberOfFrames: share.frames.length,
    sizeBytes: share.sizeBytes,
    transferSyntaxUid: share.transferSyntaxUid,
    encoding: "plain",
    frames: share.frames,
    header: viewerHeader(header),
  };
}

const PAGE = 250;

/** A page of what a link shows of one series of this study, by instance number. `undefined`: the page before ended with an image that is gone. */
export async function readLinkedSeries(
  tx: Tx,
  facts: StudyFacts,
  scope: LinkScope,
  { seriesId, after }: { seriesId: string; after: string | undefined },
): Promise<{ instances: ReadInstance[]; next: string | undefined } | undefined> {
  if (after && !(await isInSeries(tx, seriesId, after))) return undefined;
  const mask = await maskOf(tx, facts, scope);
  const overlays = await findOverlays(tx, facts.study.id);
  const rows = await findInstances(tx, seriesId, { after, limit: PAGE + 1 });
  const page = rows.slice(0, PAGE);
  const instances = page.flatMap((row): ReadInstance[] => {
    const whole = { ...row, seriesId };
    const one = linked(
      mask,
      scope,
      whole,
      applyOverlays(row.header, overlaysFor(overlays, seriesId, row.id)),
    );
    return one ? [shape(whole, row.version + facts.study.servedVersion, one)] : [];
  });
  return { instances, next: rows.length > PAGE ? page.at(-1)?.id : undefined };
}

/** What is written and signed of these images. What isn't in the scope, or isn't served any more, isn't in it. */
export async function findLinkedShares(
  tx: Tx,
  facts: StudyFacts,
  scope: LinkScope,
  instanceIds: readonly string[],
): Promise<Map<string, ShareObject>> {
  const mask = await maskOf(tx, facts, scope);
  const overlays = await findOverlays(tx, facts.study.id);
  const rows = await findInstancesOfStudy(tx, facts.study.id, instanceIds);
  return new Map(
    rows.flatMap((row): [string, ShareObject][] => {
      const one = linked(
        mask,
        scope,
        row,
        applyOverlays(row.header, overlaysFor(overlays, row.seriesId, row.id)),
      );
      return one ? [[row.id, one.share]] : [];
    }),
  );
}

export type LinkedSeries = {
  seriesId: string;
  modality: string;
  number: number | undefined;
  description: string | undefined;
  bodyPart: string | undefined;
  laterality: string | undefined;
  /** How many the link may show of it: some may be no pictures. */
  instanceCount: number;
  version: number;
} & LinkedFacts;
export type LinkedStudy = {
  description: string | undefined;
  studyDate: string | undefined;
  studiedAt: string | undefined;
  servedVersion: number;
  completeness: Completeness;
  series: LinkedSeries[];
};

/** A study as a link names it: no number, no UID, nobody's name. */
export async function describeLinked(tx: Tx, { study }: StudyFacts, scope: LinkScope): Promise<LinkedStudy> {
  const [all, overlays] = [await findSeriesOfStudy(tx, study.id), await findOverlays(tx, study.id)];
  const head = servedStudy(study, overlays);
  const facts = await findLinkedFacts(tx, study.id, scope.only && [...scope.only.keys()]);
  const series = all.filter(({ id }) => scope.seriesIds === undefined || scope.seriesIds.has(id));
  return {
    description: head.description,
    studyDate: head.studyDate,
    studiedAt: study.studiedAt?.toISOString(),
    servedVersion: study.servedVersion,
    completeness: completenessOfStudy(all, study.confirmation),
    series: series.map((one) => ({
      ...{ seriesId: one.id, modality: one.modality, number: one.number, version: one.version },
      ...servedSeries(one, overlays),
      instanceCount: one.instanceCount,
      ...(facts.get(one.id) ?? { isPlain: false, sizeBytes: 0 }),
    })),
  };
}

export type LinkedPicture = { seriesId: string; sourceKey: string; objectKey: string };
/** `awaited`: series whose picture is to be drawn still. A series in neither has none. */
export type LinkedPictures = { pictures: LinkedPicture[]; awaited: string[] };

/** Small pictures of what the link shows, each under a key of the link's own. One of an image beyond the scope isn't there. */
export async function findLinkedPictures(
  tx: Tx,
  { study }: StudyFacts,
  scope: LinkScope,
  seriesIds: readonly string[],
): Promise<LinkedPictures> {
  const secret = await readShareSecret(tx);
  const shown = seriesIds.filter((id) => scope.seriesIds === undefined || scope.seriesIds.has(id));
  const all = await findPicturesOfStudy(tx, study.id, shown);
  const pictures = all.flatMap(({ seriesId, drawn }): LinkedPicture[] => {
    const frames = drawn && scope.only?.get(drawn.instanceId);
    if (!drawn || !isInScope(scope, { seriesId, id: drawn.instanceId })) return [];
    if (frames && frames.length > 0 && !frames.includes(drawn.frameNumber)) return [];
    const objectKey = createHmac("sha256", secret)
      .update(`picture|${scope.scope}|${drawn.objectKey}`)
      .digest("hex")
      .slice(0, 40);
    return [{ seriesId, sourceKey: drawn.objectKey, objectKey }];
  });
  const awaited = all.flatMap(({ seriesId, drawn, isDue }) => (isDue && !drawn ? [seriesId] : []));
  return { pictures, awaited };
}
