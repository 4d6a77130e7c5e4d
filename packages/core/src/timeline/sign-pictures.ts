import { z } from "zod";
import * as Access from "../access/index.ts";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { patientFacts } from "./read-timeline.ts";
import { mayReadTimeline } from "./timeline.policy.ts";

/**
 * Short-lived URLs of the small pictures of series, of what this actor may open of this patient. None of a sensitive
 * person's: a page that is glanced at shows them to whoever stands behind.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 * @throws {AccessDenied} with the reading policy's reason
 */
export const signPictures = defineAction({
  name: "timeline.sign-pictures",
  display: "of-its-list",
  input: z.object({ patientId: z.uuid(), seriesIds: z.array(z.uuid()).min(1).max(200) }),
  policy: mayReadTimeline,
  load: (tx, { patientId }) => patientFacts(tx, patientId),
  async run(tx, { patientId, seriesIds }, { sensitivities }) {
    const scope = Access.readingScope(tx.actor);
    if (!scope || sensitivities.length > 0) return { keys: new Map<string, string>() };
    return { keys: await Study.findPictureKeys(tx, scope, patientId, seriesIds) };
  },
  async after(ctx, { keys }) {
    const grant = Study.grantAt(ctx.service.now());
    const signed = [...keys].map(async ([seriesId, key]) => ({
      seriesId,
      url: await ctx.service.ports.archive.signGet(key, { ...grant, contentType: "image/jpeg" }),
    }));
    return { pictures: await Promise.all(signed), expiresAt: grant.until.toISOString() };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: ({ patientId }, done) => ({ patientId, detail: { pictures: done?.keys.size ?? 0 } }),
  },
});
