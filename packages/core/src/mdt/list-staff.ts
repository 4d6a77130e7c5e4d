import { z } from "zod";
import { peopleOf } from "../identity/index.ts";
import { defineAction } from "../kernel/index.ts";
import { mayBeginSeries } from "./mdt.policy.ts";

/** Who of a trust has signed in here: whom a meeting can name as its member. */
export const listStaff = defineAction({
  name: "mdt.list-staff",
  input: z.object({ organisation: z.string().min(3).max(6) }),
  policy: mayBeginSeries,
  load: async () => null,
  async run(tx, { organisation }) {
    const people = await peopleOf(tx, organisation, []);
    return people.map(({ personId, displayName, role }) => ({ personId, displayName, role }));
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: ({ organisation }, done) => ({
      custodian: organisation,
      detail: { people: done?.length ?? 0 },
    }),
  },
});
