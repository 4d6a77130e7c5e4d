import { z } from "zod";
import * as Access from "../access/index.ts";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayFindOwn } from "./timeline.policy.ts";

const MOST = 10;

/** The studies under an accession number that this actor may open. Whatever they may not is as if it were not there. */
export const findNumbered = defineAction({
  name: "timeline.find-numbered",
  input: z.object({ accessionNumber: z.string().trim().min(2).max(64) }),
  policy: mayFindOwn,
  load: async () => null,
  async run(tx, { accessionNumber }) {
    const scope = Access.readingScope(tx.actor);
    const found = scope ? await Study.findStudiesNumbered(tx, scope, accessionNumber, MOST + 1) : [];
    return { studies: found.slice(0, MOST), isCut: found.length > MOST };
  },
  audit: {
    how: "each",
    verb: "looked-up",
    subjects: (_input, done) => ({ detail: { by: "accession-number", found: done?.studies.length ?? 0 } }),
  },
});
