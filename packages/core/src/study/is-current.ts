import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { readCurrency } from "./correcting.store.ts";
import { findHeldStudy } from "./reading.store.ts";
import { Access } from "./reading-access.ts";
import { mayAskCurrency } from "./study.policy.ts";

/** Whether what this reader has open still comes to them: `closes` at the end of an agreement's last hour, `over` at once. */
async function sharingOf(
  tx: Tx,
  studyId: string,
): Promise<{ state: "open" | "over" } | { state: "closes"; at: string }> {
  const study = await findHeldStudy(tx, studyId);
  if (!study) return { state: "over" };
  const { custodian, patientId } = study;
  const facts = await Access.readingFacts(tx, { custodian, patientId, studyId });
  const closes = Access.closesAt(facts);
  if (closes) return { state: "closes", at: closes.toISOString() };
  return { state: facts.agreement === "ended" || facts.agreement === "none" ? "over" : "open" };
}

/** An open viewer asks this every few seconds: whether what it shows is still served, and if not, since when. Of nobody. */
export const isCurrent = defineAction({
  name: "study.is-current",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid(), servedVersion: z.number().int() }),
  policy: mayAskCurrency,
  load: async () => null,
  async run(tx, { studyId, servedVersion }) {
    const currency = await readCurrency(tx, studyId, servedVersion);
    return { ...currency, sharing: await sharingOf(tx, studyId) };
  },
  audit: { how: "none" },
});
