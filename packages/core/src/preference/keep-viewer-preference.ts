import { defineAction } from "../kernel/index.ts";
import { ownPreference } from "./preference.policy.ts";
import { lockPreference, writePreference } from "./preference.store.ts";
import { viewerChangeSchema, withChange } from "./viewer-preference.ts";

/** Keeps what one changed of the viewer. The rest stays, also what another window of theirs changes at the same time. */
export const keepViewer = defineAction({
  name: "preference.keep-viewer",
  input: viewerChangeSchema,
  policy: ownPreference,
  load: async () => ({}),
  async run(tx, change) {
    const value = withChange(await lockPreference(tx), change);
    await writePreference(tx, value);
    return value;
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ grids = {}, keys = {} }) => ({
      detail: { grids: Object.keys(grids).length, keys: Object.keys(keys).length },
    }),
  },
});
