import { pictureKey } from "@weald/dicom";
import { z } from "zod";
import { type Ctx, defineAction, WealdError } from "../kernel/index.ts";
import { type DuePicture, findDuePictures, writePicture } from "./picture.store.ts";
import { systemOnly } from "./study.policy.ts";

const ROUND = 20;

const Failed = z.object({ failed: z.enum(["no-image", "not-drawn", "unreadable"]) });
const Sized = z.object({ sizeBytes: z.number().int().min(1) });

/** What became of one picture, in a transaction of its own: what is drawn beside it may take long. */
const keepPicture = defineAction({
  name: "study.keep-picture",
  input: z.object({
    seriesId: z.uuid(),
    dueAt: z.date(),
    instanceId: z.uuid().optional(),
    objectKey: z.string().optional(),
    drawn: z.union([Sized, Failed]),
  }),
  policy: systemOnly,
  load: async () => null,
  run: async (tx, { seriesId, dueAt, instanceId, objectKey, drawn }) =>
    writePicture(tx, { seriesId, dueAt, instanceId, objectKey, drawn }),
  audit: { how: "none" },
});

async function drawOne(ctx: Ctx, due: DuePicture): Promise<void> {
  const { seriesId, dueAt, instanceId, drawable, studyStorageId, seriesInstanceUid } = due;
  if (!instanceId || !drawable) {
    // Images whose header is too long to hand on are there, and not drawn.
    const failed = instanceId ? "not-drawn" : "no-image";
    return keepPicture(ctx, { seriesId, dueAt, instanceId, drawn: { failed } });
  }
  const objectKey = pictureKey({ studyStorageId, seriesInstanceUid, instanceId });
  const drawn = await ctx.service.ports.pictures.draw(drawable, objectKey);
  return keepPicture(ctx, { seriesId, dueAt, instanceId, objectKey, drawn });
}

/** One that can't be drawn just now stays due; the others go on. */
async function tryOne(ctx: Ctx, due: DuePicture): Promise<number> {
  try {
    await drawOne(ctx, due);
    return 1;
  } catch (error) {
    const why = error instanceof WealdError ? error.code : "INTERNAL";
    ctx.service.log({ level: "warn", event: "picture.not-drawn", seriesId: due.seriesId, why });
    return 0;
  }
}

/**
 * Draws the small pictures that are due, a round at a time: `next` says where to go on. Each is of the image in the middle of
 * its series, drawn where there is no database; why one can't be drawn is kept in its place.
 */
export const drawPictures = defineAction({
  name: "study.draw-pictures",
  input: z.object({ after: z.object({ dueAt: z.date(), seriesId: z.uuid() }).optional() }),
  policy: systemOnly,
  load: async () => null,
  run: (tx, { after }) => findDuePictures(tx, after, ROUND),
  async after(ctx, due) {
    let drawn = 0;
    for (const one of due) drawn += await tryOne(ctx, one);
    const last = due.length === ROUND ? due.at(-1) : undefined;
    return { drawn, next: last && { dueAt: last.dueAt, seriesId: last.seriesId } };
  },
  audit: { how: "none" },
});
