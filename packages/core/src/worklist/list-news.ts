import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Timeline from "../timeline/index.ts";
import { scopeOf } from "./scope.ts";
import { mayList } from "./worklist.policy.ts";
import { findOpenOnList } from "./worklist.store.ts";

const MOST = 200;

/** What came since the actor last opened each of these studies, of those that stand on their own list with their site. */
export const listNews = defineAction({
  name: "worklist.list-news",
  input: z.object({ studyIds: z.array(z.uuid()).max(MOST) }),
  policy: mayList,
  load: async () => null,
  async run(tx, { studyIds }) {
    const scope = scopeOf(tx.actor);
    const listed = scope.kind === "none" ? [] : await findOpenOnList(tx, scope, studyIds);
    const opened = await Timeline.newsOf(tx, listed);
    return [...opened].flatMap(([studyId, news]) => (news.length > 0 ? [{ studyId, news }] : []));
  },
  audit: { how: "none" },
});
