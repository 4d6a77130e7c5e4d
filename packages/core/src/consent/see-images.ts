import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { maySee } from "./mine.policy.ts";
import { granted, nothingHere, ofStudy, shownFacts, shownSeries } from "./mine-facts.ts";

/**
 * A page of the images of a series, as a link shows them: where each frame lies in its share object, and an allow-listed header.
 *
 * @throws {Conflict} `SERIES_CHANGED`, `STUDY_CORRECTED`: read the link again
 */
export const seeSeries = defineAction({
  name: "consent.see-series",
  admits: "patients",
  input: z.object({
    seriesId: z.uuid(),
    after: z.uuid().optional(),
    servedVersion: z.number().int().optional(),
    isPrefetch: z.boolean().default(false),
  }),
  policy: maySee,
  absent: nothingHere,
  load: (tx, { seriesId }) => shownSeries(tx, seriesId),
  async run(tx, { seriesId, after, servedVersion }, shown) {
    const { study, scope } = granted(shown);
    if (servedVersion !== undefined && servedVersion !== study.study.servedVersion)
      throw new Conflict("STUDY_CORRECTED", "These images were corrected just now. Open them again.");
    const page = await Study.readLinkedSeries(tx, study, scope, { seriesId, after });
    if (!page)
      throw new Conflict("SERIES_CHANGED", "Images of this series were replaced just now. Open it again.");
    return { page, subject: ofStudy(shown.link.id, study) };
  },
  after: async (_ctx, { page }) => page,
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ isPrefetch }, done) => (done ? { ...done.subject, isPrefetch } : {}),
  },
});

type Signed = { instanceId: string; url: string; expiresAt: string } | { instanceId: string; gone: true };

/**
 * Addresses of images for less than a minute, each time looked up anew: a link that ended, or a study that is held again, has
 * none. They are of share objects of this link alone.
 */
export const signImages = defineAction({
  name: "consent.sign-images",
  admits: "patients",
  input: z.object({
    studyId: z.uuid(),
    instanceIds: z.array(z.uuid()).min(1).max(200),
    isPrefetch: z.boolean().default(false),
  }),
  policy: maySee,
  absent: nothingHere,
  load: (tx, { studyId }) => shownFacts(tx, studyId),
  async run(tx, { instanceIds }, shown) {
    const { study, scope } = granted(shown);
    const shares = await Study.findLinkedShares(tx, study, scope, instanceIds);
    return { shares, subject: ofStudy(shown.link.id, study) };
  },
  async after(ctx, { shares }, { instanceIds }) {
    await Study.writeShares(ctx, shares.values());
    const expiresAt = Study.grantAt(ctx.service.now()).until.toISOString();
    const objects = instanceIds.map(async (instanceId): Promise<Signed> => {
      const share = shares.get(instanceId);
      if (!share) return { instanceId, gone: true };
      return { instanceId, url: await Study.signShare(ctx, share), expiresAt };
    });
    return { objects: await Promise.all(objects) };
  },
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ isPrefetch }, done) => (done ? { ...done.subject, isPrefetch } : {}),
  },
});

/** Small pictures of series that the link shows: copies of its own, never what staff's pages read. */
export const signMinePictures = defineAction({
  name: "consent.sign-pictures",
  admits: "patients",
  input: z.object({ studyId: z.uuid(), seriesIds: z.array(z.uuid()).min(1).max(200) }),
  policy: maySee,
  absent: nothingHere,
  load: (tx, { studyId }) => shownFacts(tx, studyId),
  async run(tx, { seriesIds }, shown) {
    const { study, scope } = granted(shown);
    const found = await Study.findLinkedPictures(tx, study, scope, seriesIds);
    return { ...found, subject: ofStudy(shown.link.id, study) };
  },
  async after(ctx, { pictures, awaited }) {
    await Study.writePictureShares(ctx, pictures);
    const signed = pictures.map(async (one) => ({
      seriesId: one.seriesId,
      url: await Study.signShare(ctx, one, { contentType: "image/jpeg" }),
    }));
    return {
      pictures: await Promise.all(signed),
      /** To be drawn still: asked for again they may be there. */
      awaited,
      expiresAt: Study.grantAt(ctx.service.now()).until.toISOString(),
    };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => done?.subject ?? {},
  },
});
