import { EXPLICIT_LITTLE, instanceKey } from "@weald/dicom";
import { z } from "zod";
import { Conflict, type Ctx, defineAction, type Tx } from "../kernel/index.ts";
import { ObjectExists } from "../ports/index.ts";
import * as Study from "../study/index.ts";
import { correctingFacts, type Facts, referencesOf, takesSecond } from "./correcting-facts.ts";
import { mayCorrect } from "./correction.policy.ts";
import { findCorrection } from "./correction.store.ts";
import { Asked } from "./correction.ts";
import { type Note, rejectionNote } from "./rejection-note.ts";

/** A note that lies in the archive and waits for its row. `about`: what it speaks of. */
export type HeldNote = { note: Note; seriesInstanceUid: string; objectKey: string; about: string };

const digestOf = (references: readonly Study.Reference[]) =>
  references
    .map(({ instanceId }) => instanceId)
    .sort()
    .join("|");

type Draft = { note: Note; seriesInstanceUid: string; storageId: string; about: string };

async function draft(tx: Tx, asked: Asked & { kind: "reject" }, { study, record }: Facts): Promise<Draft> {
  const references = await referencesOf(tx, asked);
  const seriesInstanceUid = Study.derivedUid(study.id, "rejection notes");
  const note = rejectionNote({
    patient: record.identity,
    study: {
      studyInstanceUid: study.studyInstanceUid,
      studyDate: study.studyDate,
      studyTime: study.studiedAt?.toISOString().slice(11, 19).replaceAll(":", ""),
      accessionNumber: study.accessionNumber,
      description: study.description,
    },
    seriesInstanceUid,
    number: 1,
    code: asked.code,
    at: tx.now,
    references,
  });
  return {
    note,
    seriesInstanceUid,
    storageId: await Study.findStorage(tx, study.id),
    about: digestOf(references),
  };
}

/** What the note of this rejection will say; nothing where a second person must be asked first. */
const draftFor = defineAction({
  name: "correction.draft-note",
  purpose: "operations",
  input: z.object({ asked: Asked, isConfirmed: z.boolean() }),
  policy: mayCorrect,
  load: (tx, { asked }) => correctingFacts(tx, asked),
  async run(tx, { asked, isConfirmed }, facts) {
    if (asked.kind !== "reject") return undefined;
    if (!isConfirmed && (await takesSecond(tx, asked, await referencesOf(tx, asked)))) return undefined;
    return draft(tx, asked, facts);
  },
  audit: { how: "coalesced", verb: "told", subjects: ({ asked }) => ({ studyId: asked.studyId }) },
});

const askedOf = defineAction({
  name: "correction.read-asked",
  purpose: "operations",
  input: z.object({ correctionId: z.uuid() }),
  policy: mayCorrect,
  async load(tx, { correctionId }) {
    const row = await findCorrection(tx, correctionId);
    return { custodian: row?.custodian ?? "", sensitivities: [], isOwnRecord: false, row };
  },
  run: async (_tx, _input, { row }) => (row?.undoes ? undefined : row?.asked),
  audit: { how: "coalesced", verb: "told", subjects: () => ({}) },
});

/** Durable before the transaction that speaks of it, as every object is. One that nobody speaks of in the end harms nobody. */
async function store(ctx: Ctx, made: Draft): Promise<HeldNote> {
  const { note, seriesInstanceUid, storageId, about } = made;
  const objectKey = instanceKey({
    studyStorageId: storageId,
    seriesInstanceUid,
    sopInstanceUid: note.sopInstanceUid,
    sha256Received: note.sha256,
  });
  const options = { contentType: "application/dicom", sizeBytes: note.bytes.length, ifAbsent: true };
  try {
    await ctx.service.ports.archive.put(objectKey, note.bytes, options);
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
  }
  return { note, seriesInstanceUid, objectKey, about };
}

/** The note of a rejection, stored. Nothing for any other correction, and nothing where a second person is asked first. */
export async function noteFor(ctx: Ctx, raw: unknown): Promise<HeldNote | undefined> {
  const asked = Asked.safeParse(raw);
  if (!asked.success || asked.data.kind !== "reject") return undefined;
  const made = await draftFor(ctx, { asked: asked.data, isConfirmed: false });
  return made && store(ctx, made);
}

/** The same for a rejection that another person asked for, and this one confirms. */
export async function noteForConfirmed(ctx: Ctx, correctionId: string): Promise<HeldNote | undefined> {
  const asked = await askedOf(ctx, { correctionId });
  if (asked?.kind !== "reject") return undefined;
  const made = await draftFor(ctx, { asked, isConfirmed: true });
  return made && store(ctx, made);
}

/**
 * The note's own row, in a series of its own that no door serves: it speaks of what isn't shown, and is no image of the study.
 *
 * @throws {Conflict} `STUDY_CHANGED` where images came between the drafting and now
 */
export async function keepNote(tx: Tx, facts: Facts, held: HeldNote): Promise<string> {
  const { note, seriesInstanceUid, objectKey } = held;
  const { study, custodian } = facts;
  const series = await Study.findOrCreateSeries(tx, custodian, study.id, {
    seriesInstanceUid,
    modality: "KO",
    number: undefined,
    description: "Rejection notes",
    bodyPart: undefined,
    laterality: undefined,
    frameOfReferenceUid: undefined,
    expectedCount: undefined,
    expectedSource: undefined,
  });
  const ids = await Study.insertInstances(tx, { id: series.id, custodian }, [
    {
      sopInstanceUid: note.sopInstanceUid,
      sopClassUid: "1.2.840.10008.5.1.4.1.1.88.59",
      instanceNumber: 1,
      slicePosition: undefined,
      numberOfFrames: 0,
      objectKey,
      sizeBytes: note.bytes.length,
      transferSyntaxUid: EXPLICIT_LITTLE,
      encoding: "plain",
      sha256Received: note.sha256,
      sha256Stored: note.sha256,
      pixelSha256: undefined,
      preamble: undefined,
      hasMetaHeader: true,
      header: note.dataset,
      frames: [],
      deviations: [],
    },
  ]);
  await Study.setAsideSeries(tx, series.id);
  return ids.get(note.sopInstanceUid) ?? "";
}

/** What the note speaks of is what is rejected, no more and no less. */
export async function mustSpeakOf(tx: Tx, held: HeldNote, asked: Asked): Promise<void> {
  if (digestOf(await referencesOf(tx, asked)) !== held.about)
    throw new Conflict(
      "STUDY_CHANGED",
      "Images of this study came or went just now. Look again, then reject.",
    );
}
