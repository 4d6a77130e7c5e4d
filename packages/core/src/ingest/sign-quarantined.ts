import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { grantAt, type SignedObject } from "../study/index.ts";
import { conflictRow } from "./compare-quarantined.ts";
import { mayDecideQuarantine } from "./ingest.policy.ts";

/** A short-lived URL of an object that waits in conflict, so that its picture stands beside the one that is here. */
export const signQuarantined = defineAction({
  name: "ingest.sign-quarantined",
  input: z.object({ quarantineId: z.uuid() }),
  policy: mayDecideQuarantine,
  load: (tx, { quarantineId }) => conflictRow(tx, quarantineId),
  run: async (_tx, _input, { custodian, state, came }) => ({
    custodian,
    objectKey: state === "waiting" ? came?.objectKey : undefined,
  }),
  async after(ctx, { objectKey }, { quarantineId }): Promise<{ objects: SignedObject[] }> {
    if (!objectKey) return { objects: [{ instanceId: quarantineId, gone: true, code: "NOT_SERVED" }] };
    const grant = grantAt(ctx.service.now());
    const url = await ctx.service.ports.archive.signGet(objectKey, {
      ...grant,
      contentType: "application/dicom",
    });
    return { objects: [{ instanceId: quarantineId, url, expiresAt: grant.until.toISOString() }] };
  },
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: ({ quarantineId }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { quarantineId },
    }),
  },
});
