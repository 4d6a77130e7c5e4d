import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { writeBookmark } from "./bookmark.store.ts";
import { BookmarkPlace } from "./bookmark.ts";
import { mayReadMarks } from "./mark.policy.ts";

/**
 * Keeps where a reader stands in a study, for them alone: it reaches no other reader, on a screening study or on any. Of what
 * was corrected since it was opened nothing is kept.
 */
export const keepBookmark = defineAction({
  name: "annotation.keep-bookmark",
  input: z.object({
    studyId: z.uuid(),
    servedVersion: z.number().int().min(0),
    /** Left out: at the start again. */
    place: BookmarkPlace.nullish(),
  }),
  policy: mayReadMarks,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, { servedVersion, place }, { study }) {
    const isKept = tx.actor.kind === "person" && servedVersion === study.servedVersion;
    if (isKept) await writeBookmark(tx, study, place ?? undefined);
    return { isKept };
  },
  audit: { how: "none" },
});
