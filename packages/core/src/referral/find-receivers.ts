import { z } from "zod";
import * as Identity from "../identity/index.ts";
import { defineAction } from "../kernel/index.ts";
import { mayUseReferrals } from "./referral.policy.ts";

const MOST = 10;

/** Professionals of the region by name, who report or treat: as they signed in last. Whoever asks isn't among them. */
export const findReceivers = defineAction({
  name: "referral.find-receivers",
  input: z.object({ words: z.string().trim().min(2).max(60) }),
  policy: mayUseReferrals,
  load: async () => null,
  async run(tx, { words }) {
    const people = await Identity.findAdvisers(tx, words, MOST + 1);
    const others = people.filter(({ personId }) => personId !== tx.actor.id);
    return { people: others.slice(0, MOST), isCut: others.length > MOST };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { people: done?.people.length ?? 0 } }),
  },
});
