import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { maySeeAgreements } from "./agreement.policy.ts";
import { readAgreements } from "./agreement.store.ts";
import { stateOf } from "./agreement.ts";

/** Who shares what, with whom, from when to when. */
export const listAgreements = defineAction({
  name: "organisation.list-agreements",
  input: z.object({}),
  policy: maySeeAgreements,
  load: async () => null,
  run: async (tx) =>
    (await readAgreements(tx)).map((agreement) => ({ ...agreement, state: stateOf(agreement, tx.now) })),
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { rows: done?.length ?? 0 } }),
  },
});
