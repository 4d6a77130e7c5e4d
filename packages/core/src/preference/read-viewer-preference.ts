import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { ownPreference } from "./preference.policy.ts";
import { findPreference } from "./preference.store.ts";

/** What one changed of the viewer for oneself. */
export const readViewer = defineAction({
  name: "preference.read-viewer",
  display: "of-its-list",
  input: z.object({}),
  policy: ownPreference,
  load: async () => ({}),
  run: (tx) => findPreference(tx),
  audit: { how: "none" },
});
