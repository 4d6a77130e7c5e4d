import { defineAction } from "../kernel/index.ts";
import { ownPreference } from "./preference.policy.ts";
import { writePreference } from "./preference.store.ts";
import { viewerPreferenceSchema } from "./viewer-preference.ts";

/** Keeps what one changed of the viewer, in place of what was kept before. */
export const keepViewer = defineAction({
  name: "preference.keep-viewer",
  input: viewerPreferenceSchema,
  policy: ownPreference,
  load: async () => ({}),
  async run(tx, input) {
    await writePreference(tx, input);
    return input;
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ grids, keys }) => ({
      detail: { grids: Object.keys(grids).length, keys: Object.keys(keys).length },
    }),
  },
});
