import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findStandings, type ToldStanding } from "./gateway.store.ts";
import { mayWatchOperations } from "./operations.policy.ts";
import { ownTrust, watched } from "./watched.ts";

/** A gateway tells each minute. Three that didn't come are a line that is cut, or a gateway that stands still. */
const SILENT_SECONDS = 180;

type Link = "heard" | "in-trouble" | "silent";

function linkOf({ toldAt, troubleCode, isRefusing }: ToldStanding, now: Date): Link {
  if (now.getTime() - toldAt.getTime() > SILENT_SECONDS * 1000) return "silent";
  return troubleCode || isRefusing ? "in-trouble" : "heard";
}

/** How the trust's gateways stood when they told so last. */
export const readGateways = defineAction({
  name: "operations.read-gateways",
  input: z.object({}),
  policy: mayWatchOperations,
  load: async () => null,
  async run(tx) {
    const custodian = ownTrust(tx);
    const told = await findStandings(tx, custodian);
    const gateways = told.map((one) => ({
      clientId: one.clientId,
      link: linkOf(one, tx.now),
      version: one.version,
      toldAt: one.toldAt.toISOString(),
      waitingCount: one.waitingCount,
      waitingBytes: one.waitingBytes,
      oldestWaitingAt: one.oldestWaitingAt?.toISOString(),
      troubleCode: one.troubleCode,
      troubleSince: one.troubleSince?.toISOString(),
      freeBytes: one.freeBytes,
      isRefusing: one.isRefusing,
    }));
    return { custodian, asOf: tx.now.toISOString(), gateways };
  },
  audit: watched,
});
