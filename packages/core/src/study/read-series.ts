import type { DicomJson, FrameLocator } from "@weald/dicom";
import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { maskedUid, type SiteMask } from "./mask-header.ts";
import { maskedInstance } from "./masked-instance.ts";
import { applyOverlays } from "./overlay.ts";
import { findPackPlaces, type HeldPlace, type PackPlace } from "./pack.store.ts";
import { findInstances, findOverlays, findSeries, isInSeries, type StoredInstance } from "./reading.store.ts";
import { corrected, noSuchStudy, studyFacts } from "./reading-access.ts";
import { signOriginals } from "./sign-originals.ts";
import { signPacks } from "./sign-packs.ts";
import { siteMaskFor } from "./site-mask.ts";
import { mayReadStudy } from "./study.policy.ts";
import { viewerHeader } from "./viewer-header.ts";

const PAGE = 500;
/** Of those that lie in no pack, so many have their addresses along: what is shown first needs no further query. */
const FIRST = 8;

/** One instance as the viewer takes it: where its frames are, and its header with the overlays applied. */
export type ReadInstance = {
  instanceId: string;
  /** Changes whenever what is served changes: a key of caches. */
  version: number;
  sopInstanceUid: string;
  sopClassUid: string;
  instanceNumber: number | undefined;
  slicePosition: number | undefined;
  numberOfFrames: number;
  sizeBytes: number;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  frames: FrameLocator[];
  /** The same frames in the series' pack, where they are: HTJ2K, in the order of resolutions. */
  packed?: PackPlace | undefined;
  header: DicomJson;
};

/**
 * The only reader of instances: what is served of a series, in pages of 500, by instance number, with short-lived URLs of the packs in which
 * they lie and of the first of those that lie in none. One snapshot a page.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`
 * @throws {Conflict} `SERIES_CHANGED` when the page before ended with an image that was replaced since; `STUDY_CORRECTED`
 *   when the study was corrected since the reader opened it: their banner may name another patient
 */
export const readSeries = defineAction({
  name: "study.read-series",
  display: "of-its-list",
  input: z.object({
    seriesId: z.uuid(),
    after: z.uuid().optional(),
    servedVersion: z.number().int().optional(),
    limit: z.number().int().min(1).max(PAGE).default(PAGE),
    /** Declared: nobody has asked for it yet, so it never counts as displayed (clinical page §21). */
    isPrefetch: z.boolean().default(false),
  }),
  policy: mayReadStudy,
  absent: noSuchStudy,
  async load(tx, { seriesId }) {
    const series = await findSeries(tx, seriesId);
    if (!series) throw noSuchStudy();
    return { ...(await studyFacts(tx, series.studyId)), series };
  },
  async run(tx, { after, servedVersion, limit }, facts) {
    const { series, study } = facts;
    const mask = await siteMaskFor(tx, facts);
    if (servedVersion !== undefined && servedVersion !== study.servedVersion) throw corrected();
    // An empty page would look like the end of the series: the incomplete never looks complete.
    if (after && !(await isInSeries(tx, series.id, after)))
      throw new Conflict("SERIES_CHANGED", "Images of this series were replaced just now. Open it again.");
    const overlays = (await findOverlays(tx, study.id)).filter(
      ({ level, targetId }) => level !== "series" || targetId === series.id,
    );
    const rows = await findInstances(tx, series.id, { after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    // A pack is signed whole: who may not have all of a series gets share objects alone.
    const packed = mask
      ? new Map<string, HeldPlace>()
      : await findPackPlaces(
          tx,
          series.id,
          page.map(({ id }) => id),
        );
    const instances = page.flatMap((row): ReadInstance[] => {
      const mine = overlays.filter(({ level, targetId }) => level !== "instance" || targetId === row.id);
      const version = row.version + series.servedVersion;
      if (mask) return shapeMasked(row, version, applyOverlays(row.header, mine), mask);
      // In this order: what Weald corrected, and what stood there before, is never left out.
      const header = applyOverlays(viewerHeader(row.header), mine);
      return [{ ...shape(row, version, header), packed: placeOf(packed.get(row.id)) }];
    });
    return {
      studyId: study.id,
      patientId: study.patientId,
      custodian: study.custodian,
      instances,
      next: rows.length > limit ? page.at(-1)?.id : undefined,
      isMasked: mask !== undefined,
      keys: {
        packs: new Map([...packed.values()].map(({ packId, objectKey }) => [packId, objectKey])),
        originals: new Map(mask ? [] : firstOf(page, packed).map(({ id, objectKey }) => [id, objectKey])),
      },
    };
  },
  async after(ctx, { isMasked, keys, ...done }) {
    const [objects, packs] = await Promise.all([
      signOriginals(ctx, keys.originals),
      signPacks(ctx, [...keys.packs.keys()], { keys: keys.packs, code: "NOT_SERVED" }),
    ]);
    return { ...done, objects, packs, ...(isMasked ? { custodian: "" } : {}) };
  },
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ isPrefetch }, done) =>
      done ? { studyId: done.studyId, patientId: done.patientId, custodian: done.custodian, isPrefetch } : {},
  },
});

const firstOf = (page: readonly StoredInstance[], packed: ReadonlyMap<string, HeldPlace>) =>
  page.filter(({ id }) => !packed.has(id)).slice(0, FIRST);

const placeOf = (held: HeldPlace | undefined): PackPlace | undefined =>
  held && { packId: held.packId, frames: held.frames };

function shape(row: StoredInstance, version: number, header: DicomJson): ReadInstance {
  const { id, deviations: _kept, header: _original, version: _stored, objectKey: _key, ...rest } = row;
  return { instanceId: id, ...rest, version, header };
}

/** Where its frames lie in the share object that `signObjects` writes. Nothing for what is withheld. */
function shapeMasked(
  row: StoredInstance,
  version: number,
  header: DicomJson,
  mask: SiteMask,
): ReadInstance[] {
  const masked = maskedInstance(mask, { ...row, header });
  if (!masked) return [];
  const { transferSyntaxUid, sizeBytes, frames } = masked.share;
  return [
    {
      ...shape(row, version, viewerHeader(masked.header)),
      sopInstanceUid: maskedUid(mask, row.sopInstanceUid),
      transferSyntaxUid,
      encoding: "plain",
      sizeBytes,
      frames,
    },
  ];
}
