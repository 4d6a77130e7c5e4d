import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { findBookmark } from "./bookmark.store.ts";
import type { Bookmark } from "./bookmark.ts";
import { mayReadMarks } from "./mark.policy.ts";

/** Where this reader stopped in a study. Nothing on a first look, nor of what was corrected since. */
export const readBookmark = defineAction({
  name: "annotation.read-bookmark",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadMarks,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  run: async (tx, _input, { study }): Promise<{ bookmark: Bookmark | undefined }> => ({
    bookmark: await findBookmark(tx, study),
  }),
  audit: { how: "none" },
});
