import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { countHeld, findHeld } from "../study/index.ts";
import { maySendImages } from "./ingest.policy.ts";
import { findPutAside } from "./quarantine.store.ts";

/** An object that its source has and the archive has not, with why where we know it. */
export type NotHere = { sopInstanceUid: string; code: string | undefined; message: string | undefined };

/**
 * What a source has of one study, against what the archive of its trust holds: whoever may send may ask what became of
 * what they sent. Says nothing of the patient.
 */
export const reconcile = defineAction({
  name: "ingest.reconcile",
  input: z.object({
    studyInstanceUid: z.string().min(1).max(64),
    sopInstanceUids: z.array(z.string().min(1).max(64)).min(1).max(1000),
  }),
  policy: maySendImages,
  load: async () => ({ isOutside: false }),
  async run(tx, { studyInstanceUid, sopInstanceUids }) {
    const custodian = organisationOf(tx.actor) ?? "";
    const held = await findHeld(tx, custodian, sopInstanceUids);
    const waiting = new Map(
      (await findPutAside(tx, custodian, studyInstanceUid)).map((item) => [item.sopInstanceUid, item]),
    );
    const notHere = sopInstanceUids
      .filter((sopInstanceUid) => !held.has(sopInstanceUid))
      .map((sopInstanceUid): NotHere => {
        const { code, sentence } = waiting.get(sopInstanceUid) ?? {};
        return { sopInstanceUid, code, message: sentence };
      });
    return { custodian, heldOfStudy: await countHeld(tx, custodian, studyInstanceUid), notHere };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ sopInstanceUids }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { asked: sopInstanceUids.length, notHere: done?.notHere.length ?? null },
    }),
  },
});
