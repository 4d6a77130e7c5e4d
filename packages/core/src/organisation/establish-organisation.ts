import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { systemOnly } from "./organisation.policy.ts";
import { beginAgreement, writeOrganisation } from "./organisation.store.ts";

/** Writes who a trust is; a member shares from now on. Run again, it changes nothing. */
export const establish = defineAction({
  name: "organisation.establish",
  input: z.object({
    odsCode: z.string().regex(/^[A-Z0-9]{3,6}$/),
    name: z.string().min(1),
    part: z.enum(["member", "partner"]),
    sites: z.array(z.string()),
  }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, organisation) {
    await writeOrganisation(tx, organisation);
    if (organisation.part === "member") await beginAgreement(tx, organisation.odsCode);
    return { odsCode: organisation.odsCode };
  },
  audit: { how: "each", verb: "changed", subjects: ({ odsCode }) => ({ custodian: odsCode }) },
});
