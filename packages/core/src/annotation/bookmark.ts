import { z } from "zod";
import { View } from "./mark.ts";

/** A screen of a mammography round names a handful of images; what is longer than this is no place in a study. */
const MOST_CHARACTERS = 60_000;

/** Where a reader stopped: what hung, at which image, and in which step of which protocol. No mark, and nothing of a patient. */
export const BookmarkPlace = z
  .object({
    view: View,
    step: z.object({ protocolId: z.string().min(1).max(100), name: z.string().min(1).max(200) }).nullish(),
  })
  .refine((place) => JSON.stringify(place).length <= MOST_CHARACTERS, { message: "too long" });
export type BookmarkPlace = z.output<typeof BookmarkPlace>;

export type Bookmark = { place: BookmarkPlace; keptAt: string };
