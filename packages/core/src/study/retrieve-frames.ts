import type { DicomJson, FrameLocator, PackedFrame } from "@weald/dicom";
import { z } from "zod";
import { defineAction, Invalid, NotFound, type Tx } from "../kernel/index.ts";
import {
  allWithheld,
  findPage,
  nothingHere,
  type RetrievingFacts,
  retrievingFacts,
  type Served,
  sharesIn,
  subjectOf,
} from "./find-retrieved.ts";
import { applyOverlays } from "./overlay.ts";
import { findPackKeys, findPackPlaces } from "./pack.store.ts";
import { Asked, type Retrieved } from "./retrieval.ts";
import { shapeRetrieved } from "./retrieve.ts";
import { findRepresentative, headerOf } from "./retrieving.store.ts";
import { writeShares } from "./share-frames.ts";
import { sharedRepresentative } from "./site-mask.ts";
import { mayRetrieve } from "./study.policy.ts";

const MOST_FRAMES = 20_000;
const HEADER_BYTES = 32 * 1024 * 1024;
/** Frames of any syntax: nothing is equal to this. */
const ALL_SYNTAXES = ["none"];

/** Where frames lie, and the header that says how they are read. Long values in it are byte ranges of the object. */
export type RetrievedFrames = Retrieved & {
  frames: FrameLocator[];
  header: DicomJson;
  /** Where the first frame lies. */
  pixelsOffset: number | undefined;
  /** The same frames in the pack of the series, where they are: HTJ2K. */
  packed: { objectKey: string; frames: PackedFrame[] } | undefined;
};

/** Per-frame functional groups of the frames asked for alone: an enhanced object has a hundred thousand items. */
function headerFor({ row, overlays }: Served, numbers: readonly number[]): DicomJson {
  const header = applyOverlays(headerOf(row), overlays);
  const groups = header["52009230"];
  if (!groups?.Value) return header;
  const Value = numbers.map((number) => groups.Value?.[number - 1] ?? {});
  return { ...header, "52009230": { vr: "SQ", Value } };
}

/** The image that is asked for, or the one that stands for a series or study. */
async function sopInstanceUidOf(tx: Tx, asked: Asked, facts: RetrievingFacts): Promise<string> {
  const { copy, named, mask } = facts;
  const { seriesInstanceUid, sopInstanceUid } = named ?? asked;
  if (sopInstanceUid) return sopInstanceUid;
  if (copy && mask) {
    const shared = await sharedRepresentative(tx, copy.study.id, seriesInstanceUid);
    if (!shared) throw allWithheld();
    return shared;
  }
  const found =
    copy &&
    (await findRepresentative(tx, { studyId: copy.study.id, seriesInstanceUid, sopInstanceUid: undefined }));
  if (!found) throw nothingHere();
  return found;
}

/** Of who may have all of the series: a pack is read by whoever reads originals. */
async function packedFor(
  tx: Tx,
  { copy, mask }: RetrievingFacts,
  { row }: Served,
  numbers: readonly number[] | undefined,
): Promise<RetrievedFrames["packed"]> {
  if (!copy || mask || numbers?.length === 0) return undefined;
  const place = (await findPackPlaces(tx, row.seriesId, [row.id])).get(row.id);
  const objectKey = place && (await findPackKeys(tx, copy.study.id, [place.packId])).get(place.packId);
  if (!objectKey) return undefined;
  const frames = numbers ? numbers.flatMap((number) => place.frames[number - 1] ?? []) : place.frames;
  return { objectKey, frames };
}

/** `undefined`: all of them. */
function locatorsOf({ row }: Served, numbers: readonly number[] | undefined): FrameLocator[] {
  const all = row.frames ?? [];
  if (!numbers && all.length > MOST_FRAMES)
    throw new Invalid("TOO_MANY_FRAMES", `Ask for at most ${MOST_FRAMES} frames at a time.`);
  if (!numbers) return all;
  return numbers.map((number) => {
    const frame = all[number - 1];
    if (frame) return frame;
    throw new NotFound(
      "FRAME_NOT_FOUND",
      `There is no frame ${number}: this object has ${all.length} frames.`,
    );
  });
}

/**
 * A ticket for frames and long values of one object: where they lie, and its header as it is served. `frames` counts from 1;
 * without it: all; empty: none. Without an instance: the image in the middle of the series, or of the study's first.
 *
 * @throws {NotFound} `NOT_FOUND`, the same for what nobody holds and what is hidden from this actor; `FRAME_NOT_FOUND`
 * @throws {AccessDenied} with the reading policy's reason
 */
export const retrieveFrames = defineAction({
  name: "study.retrieve-frames",
  input: Asked.omit({ after: true, servedVersion: true }).extend({
    frames: z.array(z.number().int().min(1).max(1_000_000)).max(MOST_FRAMES).optional(),
  }),
  policy: mayRetrieve,
  load: (tx, asked) => retrievingFacts(tx, asked),
  async run(tx, { frames: numbers, ...asked }, facts) {
    const sopInstanceUid = await sopInstanceUidOf(tx, asked, facts);
    const page = {
      limit: 1,
      headerBytes: HEADER_BYTES,
      withHeaders: "all",
      framesUnless: ALL_SYNTAXES,
      sizes: "stored",
    } as const;
    const { found, instances } = await findPage(
      tx,
      { ...asked, sopInstanceUid },
      facts.named ? { ...facts, named: { ...facts.named, sopInstanceUid } } : facts,
      page,
    );
    const [served] = instances;
    if (!served) throw nothingHere();
    const instance: RetrievedFrames = {
      ...shapeRetrieved(served),
      coded: undefined,
      frames: locatorsOf(served, numbers),
      header: headerFor(served, numbers ?? []),
      pixelsOffset: served.row.frames?.[0]?.offset,
      packed: await packedFor(tx, facts, served, numbers),
    };
    return { found: { ...found, instance }, shares: sharesIn(instances) };
  },
  async after(ctx, { found, shares }) {
    await writeShares(ctx, shares);
    return found;
  },
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: (asked, done) => subjectOf(done?.found, asked),
  },
});
