import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { defineAction } from "../kernel/index.ts";
import { mayReview } from "./review.policy.ts";

const Faults = z.array(
  z.object({
    chain: z.string(),
    number: z.number(),
    kind: z.enum([
      "row-altered",
      "row-missing",
      "row-inserted",
      "seal-altered",
      "seal-missing",
      "copy-missing",
      "copy-altered",
      "chain-broken",
    ]),
    rowIds: z.array(z.string()).optional(),
  }),
);

/** `verifiedAt` is null until the first night. */
type SealState = { verifiedAt: string | null; seals: number; rows: number; faults: z.output<typeof Faults> };

/** Whether the seals of the audit held at the last verification, and the first links that did not. */
export const readSeals = defineAction({
  name: "review.read-seals",
  purpose: "audit",
  input: z.object({}),
  policy: mayReview,
  load: async () => null,
  async run(tx): Promise<SealState> {
    const last = await Audit.findLastVerification(tx);
    if (!last) return { verifiedAt: null, seals: 0, rows: 0, faults: [] };
    return { ...last, verifiedAt: last.verifiedAt.toISOString(), faults: Faults.parse(last.faults) };
  },
  audit: { how: "none" },
});
