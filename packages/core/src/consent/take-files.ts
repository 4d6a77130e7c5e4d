import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayTake } from "./mine.policy.ts";
import { granted, nothingHere, ofStudy, shownFacts } from "./mine-facts.ts";

type Taken = { instanceId: string; url: string; sizeBytes: number } | { instanceId: string; gone: true };

/** Where a browser saves one by itself: nobody's. */
const NAME = "image-for-a-doctor.dcm";

/** Addresses of whole files to take away, where the link allows it: the same share objects, and on the record as taken out. */
export const signFiles = defineAction({
  name: "consent.sign-files",
  admits: "patients",
  input: z.object({ studyId: z.uuid(), instanceIds: z.array(z.uuid()).min(1).max(200) }),
  policy: mayTake,
  absent: nothingHere,
  async load(tx, { studyId }) {
    const shown = await shownFacts(tx, studyId);
    return { ...shown, mayDownload: shown.link.mayDownload };
  },
  async run(tx, { instanceIds }, shown) {
    const { study, scope } = granted(shown);
    const shares = await Study.findLinkedShares(tx, study, scope, instanceIds);
    return { shares, subject: ofStudy(shown.link.id, study) };
  },
  async after(ctx, { shares }, { instanceIds }) {
    await Study.writeShares(ctx, shares.values());
    const files = instanceIds.map(async (instanceId): Promise<Taken> => {
      const share = shares.get(instanceId);
      if (!share) return { instanceId, gone: true };
      const url = await Study.signShare(ctx, share, { downloadName: NAME });
      return { instanceId, url, sizeBytes: share.sizeBytes };
    });
    return {
      files: await Promise.all(files),
      expiresAt: Study.grantAt(ctx.service.now()).until.toISOString(),
    };
  },
  audit: {
    how: "coalesced",
    verb: "taken-out",
    subjects: (_input, done) => done?.subject ?? {},
  },
});
