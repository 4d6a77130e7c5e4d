import { systemCtx } from "@weald/adapters";
import * as Audit from "@weald/core/audit";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Verifies the seals of the audit. A broken link ends in an error, which wakes somebody; what it is stands in log and portal. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("verify-seals", "timer", context.awsRequestId);
  const { seals, rows, faults } = await Audit.verifySeals(ctx, {});
  if (faults.length > 0) throw new Error(`AUDIT_SEAL_BROKEN: ${faults.length}`);
  return { seals, rows };
}
