import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { applyPerformedCounts } from "./performed-step.store.ts";
import { claimQuietSeries, claimSeriesOf, markSettled, type OpenSeries } from "./settling.store.ts";
import { systemOnly } from "./study.policy.ts";
import { touchStudies } from "./study.store.ts";

const QUIET_SECONDS = 60;
const MOST = 50;

/** In five statements, however many series: a sender's folder holds hundreds, and a transaction has two seconds. */
async function settleAll(tx: Tx, series: readonly OpenSeries[]): Promise<void> {
  if (series.length === 0) return;
  await markSettled(tx, series);
  const counted = await applyPerformedCounts(
    tx,
    series.map(({ id }) => id),
  );
  await tx.enqueue("series.settled", ...series.map(({ id, studyId }) => ({ seriesId: id, studyId })));
  await touchStudies(tx, [...new Set([...counted, ...series.map((one) => one.studyId)])]);
}

/** The sender's word that nothing more comes: what it brought settles at once. Inside the sender's own transaction. */
export async function settleSeriesOf(tx: Tx, instanceIds: readonly string[]): Promise<void> {
  await settleAll(tx, await claimSeriesOf(tx, instanceIds));
}

/** Settles what has been quiet for a minute. Quiet is not complete: it only starts to be judged. */
export const settle = defineAction({
  name: "study.settle",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  async run(tx) {
    const quietSince = new Date(tx.now.getTime() - QUIET_SECONDS * 1000);
    const series = await claimQuietSeries(tx, quietSince, MOST);
    await settleAll(tx, series);
    return { settled: series.length, isMore: series.length === MOST };
  },
  audit: { how: "none" },
});
