import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { endLinkSessions } from "./link-session.store.ts";
import { mayUseLink } from "./mine.policy.ts";
import { mineFacts, nothingHere } from "./mine-facts.ts";

/** Done looking, on this device: its session ends, and the link stays. */
export const closeMine = defineAction({
  name: "consent.close-mine",
  admits: "patients",
  input: z.object({}),
  policy: mayUseLink,
  absent: nothingHere,
  load: (tx) => mineFacts(tx),
  async run(tx, _input, { link }) {
    await endLinkSessions(tx, { id: tx.actor.id }, "closed");
    return link;
  },
  after: async () => ({ closed: true }),
  audit: {
    how: "each",
    verb: "signed-out",
    subjects: (_input, done) =>
      done ? { patientId: done.patientId, custodian: done.organisation, detail: { linkId: done.id } } : {},
  },
});
