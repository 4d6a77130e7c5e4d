import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { mayPack } from "./packing.policy.ts";
import { writeDue } from "./packing.store.ts";

/** A series has settled: it is packed, or packed anew with what came late. Heard any number of times it comes to the same. */
export const markDue = defineAction({
  name: "packing.mark-due",
  input: z.object({ seriesId: z.uuid() }),
  policy: mayPack,
  load: async () => null,
  run: (tx, { seriesId }) => writeDue(tx, seriesId),
  audit: { how: "none" },
});
