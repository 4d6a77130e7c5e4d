import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { grantAt } from "./grant.ts";
import { findObjectKeys } from "./reading.store.ts";
import { noSuchStudy, studyFacts } from "./reading-access.ts";
import { mayReadStudy } from "./study.policy.ts";

/** `CORRECTED`: the study was corrected since the reader opened it. `NOT_SERVED`: rejected, moved or replaced since. */
export type GoneCode = "CORRECTED" | "NOT_SERVED";
export type SignedObject =
  | { instanceId: string; url: string; expiresAt: string }
  | { instanceId: string; gone: true; code: GoneCode };

/**
 * Short-lived URLs of originals, in batches around where the reader is. What is no longer served comes back as `gone`, and the
 * viewer drops it; so does everything of a study that was corrected since `servedVersion`, the one that the reader opened.
 */
export const signObjects = defineAction({
  name: "study.sign-objects",
  input: z.object({
    studyId: z.uuid(),
    instanceIds: z.array(z.uuid()).min(1).max(200),
    servedVersion: z.number().int().optional(),
  }),
  policy: mayReadStudy,
  absent: noSuchStudy,
  load: (tx, { studyId }) => studyFacts(tx, studyId),
  async run(tx, { studyId, instanceIds, servedVersion }, { study }) {
    const isCorrected = servedVersion !== undefined && servedVersion !== study.servedVersion;
    const code: GoneCode = isCorrected ? "CORRECTED" : "NOT_SERVED";
    return {
      keys: isCorrected ? new Map<string, string>() : await findObjectKeys(tx, studyId, instanceIds),
      code,
      patientId: study.patientId,
      custodian: study.custodian,
    };
  },
  async after(ctx, { keys, code }, { instanceIds }) {
    const grant = grantAt(ctx.service.now());
    const signed = instanceIds.map(async (instanceId): Promise<SignedObject> => {
      const key = keys.get(instanceId);
      if (!key) return { instanceId, gone: true, code };
      const url = await ctx.service.ports.archive.signGet(key, {
        ...grant,
        contentType: "application/dicom",
      });
      return { instanceId, url, expiresAt: grant.until.toISOString() };
    });
    return { objects: await Promise.all(signed) };
  },
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
    }),
  },
});
