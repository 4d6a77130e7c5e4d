import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import type { ReconcilingApi, SendingApi } from "../send/index.ts";

type Outcome = Awaited<ReturnType<SendingApi["readOutcomes"]>>[number]["outcome"];
const OUTCOMES: readonly Outcome[] = ["accepted", "duplicate", "alternate", "quarantined", "skipped"];

/** Sending without the portal between: the same actions, called by the same actor. */
export const inProcessApi = (ctx: Ctx): SendingApi & ReconcilingApi => ({
  beginUpload: () => Ingest.beginUpload(ctx, { door: "send" }),
  signItems: async (uploadId, files) => (await Ingest.signItems(ctx, { uploadId, files: [...files] })).items,
  async readOutcomes(uploadId, itemIds) {
    const outcomes = await Ingest.readOutcomes(ctx, { uploadId, itemIds: [...itemIds] });
    return outcomes.flatMap((one) => {
      const outcome = OUTCOMES.find((known) => known === one.outcome);
      return outcome ? [{ ...one, outcome }] : [];
    });
  },
  async reconcile(studyInstanceUid, sopInstanceUids) {
    const asked = { studyInstanceUid, sopInstanceUids: [...sopInstanceUids] };
    const { heldOfStudy, notHere } = await Ingest.reconcile(ctx, asked);
    return { heldOfStudy, notHere };
  },
  async finishUpload(uploadId) {
    await Ingest.finishUpload(ctx, { uploadId });
  },
});
