import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { grantAt } from "./grant.ts";
import { findObjectKeys } from "./reading.store.ts";
import { studyFacts } from "./reading-access.ts";
import { mayReadStudy } from "./study.policy.ts";

export type SignedObject =
  | { instanceId: string; url: string; expiresAt: string }
  | { instanceId: string; gone: true };

/**
 * Short-lived URLs of originals, in batches around where the reader is. What is no longer served comes back as `gone`,
 * and the viewer drops it.
 */
export const signObjects = defineAction({
  name: "study.sign-objects",
  input: z.object({ studyId: z.uuid(), instanceIds: z.array(z.uuid()).min(1).max(200) }),
  policy: mayReadStudy,
  load: (tx, { studyId }) => studyFacts(tx, studyId),
  run: async (tx, { studyId, instanceIds }, { study }) => ({
    keys: await findObjectKeys(tx, studyId, instanceIds),
    patientId: study.patientId,
    custodian: study.custodian,
  }),
  async after(ctx, { keys }, { instanceIds }) {
    const grant = grantAt(ctx.service.now());
    const signed = instanceIds.map(async (instanceId): Promise<SignedObject> => {
      const key = keys.get(instanceId);
      if (!key) return { instanceId, gone: true };
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
