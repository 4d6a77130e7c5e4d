import { z } from "zod";
import * as Annotation from "../annotation/index.ts";
import { defineAction } from "../kernel/index.ts";
import { scopeOf } from "./scope.ts";
import { mayList } from "./worklist.policy.ts";
import { findOpenOnList } from "./worklist.store.ts";

const MOST = 500;

/**
 * Who else reads which of these studies now, of those that stand on the actor's own list and whose site isn't withheld from
 * them. Never of a screening study: of such nobody is noted.
 */
export const whoReads = defineAction({
  name: "worklist.who-reads",
  input: z.object({ studyIds: z.array(z.uuid()).max(MOST) }),
  policy: mayList,
  load: async () => null,
  async run(tx, { studyIds }) {
    const scope = scopeOf(tx.actor);
    const listed = scope.kind === "none" ? [] : await findOpenOnList(tx, scope, studyIds);
    const readers = await Annotation.readersOf(tx, listed);
    return [...readers].map(([studyId, who]) => ({ studyId, readers: who }));
  },
  audit: { how: "none" },
});
