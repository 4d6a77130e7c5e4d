import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { mayAdminister } from "./activity-grant.policy.ts";
import { closeGrant, findGrant } from "./activity-grant.store.ts";

/** Takes an activity away, from the person's next request on. What it was stays on the record. */
export const endGrant = defineAction({
  name: "identity.end-grant",
  input: z.object({ grantId: z.uuid(), reason: z.string().trim().min(3).max(500) }),
  policy: mayAdminister,
  load: async (tx, { grantId }) => {
    const grant = await findGrant(tx, grantId);
    return { personId: grant?.personId, organisation: grant?.organisation ?? null, grant };
  },
  async run(tx, { grantId, reason }, { grant }) {
    if (!(await closeGrant(tx, { grantId, reason })))
      throw new Conflict("GRANT_IS_OVER", "This has ended already.");
    return { grantId, personId: grant?.personId ?? null, activity: grant?.activity ?? null };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ grantId }, done) => ({
      detail: { grant: grantId, person: done?.personId ?? null, activity: done?.activity ?? null },
    }),
  },
});
