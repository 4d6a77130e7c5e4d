import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findPage, retrievingFacts, type Served, sharesIn, subjectOf } from "./find-retrieved.ts";
import { Asked, type Coded, type Retrieved } from "./retrieval.ts";
import { headerOf } from "./retrieving.store.ts";
import { writeShares } from "./share-frames.ts";
import { mayRetrieve } from "./study.policy.ts";

const PAGE = 500;
const HEADER_BYTES = 4 * 1024 * 1024;
/** Locators of a page: some 60 bytes each, of the 6 MB that an answer may have. */
const MOST_FRAMES = 40_000;

/** Image Pixel and what decides how samples are read. */
const PIXEL_TAGS = /^(00280002|00280004|00280006|00280008|0028001[01]|0028010[0-3]|00282110)$/;

function codedOf({ row }: Served): Coded | undefined {
  if (!row.frames) return undefined;
  const pixels = Object.entries(headerOf(row)).filter(([tag]) => PIXEL_TAGS.test(tag));
  return { frames: row.frames, pixels: Object.fromEntries(pixels) };
}

/** So many instances of a page that their locators fit an answer; the first in any case. */
function fitting(instances: readonly Served[]): Served[] {
  let frames = 0;
  const until = instances.findIndex(({ row }, index) => {
    frames += row.frames?.length ?? 0;
    return frames > MOST_FRAMES && index > 0;
  });
  return until < 0 ? [...instances] : instances.slice(0, until);
}

export function shapeRetrieved(served: Served): Retrieved {
  const { id, seriesId: _series, header: _header, frames: _frames, ...row } = served.row;
  const isShared = served.share !== undefined;
  return { instanceId: id, ...row, isShared, changed: served.changed(), coded: codedOf(served) };
}

/**
 * A ticket for whole objects: where they lie, how they are coded, and what is served in place of what is stored. The door
 * reads them from the archive. `asStored`: transfer syntaxes that are given out as they lie; of others the frames come too,
 * to be decoded.
 *
 * @throws {NotFound} `NOT_FOUND`, the same for what nobody holds and what is hidden from this actor
 * @throws {AccessDenied} with the reading policy's reason
 * @throws {Conflict} `SERIES_CHANGED`
 */
export const retrieve = defineAction({
  name: "study.retrieve",
  input: Asked.extend({ asStored: z.union([z.literal("all"), z.array(z.string().max(64)).max(100)]) }),
  policy: mayRetrieve,
  load: (tx, asked) => retrievingFacts(tx, asked),
  async run(tx, { asStored, ...asked }, facts) {
    const { found, instances } = await findPage(tx, asked, facts, {
      limit: PAGE,
      headerBytes: HEADER_BYTES,
      withHeaders: asStored === "all" ? "none" : "of coded",
      framesUnless: asStored === "all" ? undefined : asStored,
      sizes: asStored === "all" ? "stored" : "decoded",
    });
    const kept = fitting(instances);
    const next = kept.length < instances.length ? kept.at(-1)?.row.id : found.next;
    return { found: { ...found, next, instances: kept.map(shapeRetrieved) }, shares: sharesIn(kept) };
  },
  async after(ctx, { found, shares }) {
    await writeShares(ctx, shares);
    return found;
  },
  audit: {
    how: "coalesced",
    verb: "taken-out",
    subjects: (asked, done) => subjectOf(done?.found, asked),
  },
});
