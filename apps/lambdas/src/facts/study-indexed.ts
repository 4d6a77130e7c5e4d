import * as Message from "@weald/core/message";
import * as Room from "@weald/core/room";
import { z } from "zod";
import { hears } from "./fact.ts";

const OfStudy = z.object({ studyId: z.uuid() });

/** A study has images that it had not: what came before it under its accession number is held against it, and what was decided on it marked. */
export const studyIndexed = hears(OfStudy, async (ctx, { studyId }) => {
  await Message.recheckStudy(ctx, { studyId });
  await Room.hearStudy(ctx, { studyId });
});

/** Its report or what is served of it changed: signed outcomes of meetings that saw it are marked. */
export const studyChanged = hears(OfStudy, Room.hearStudy);
