import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { mayManageRecord } from "./patient.policy.ts";
import { findRecordsByIds, readPairsForReview } from "./patient.store.ts";

/** Pairs of records that were listed and not joined, each with the rule that stopped it. */
export const listPairs = defineAction({
  name: "patient.list-pairs",
  input: z.object({ custodian: z.string().max(6) }),
  policy: mayManageRecord,
  load: async (_tx, { custodian }) => ({ custodian }),
  async run(tx, { custodian }) {
    const pairs = await readPairsForReview(tx, custodian);
    const records = await findRecordsByIds(
      tx,
      pairs.flatMap((pair) => [pair.recordA, pair.recordB]),
    );
    const identityOf = new Map(records.map((record) => [record.id, record.identity]));
    return pairs.flatMap(({ id, rule, createdAt, recordA, recordB }) => {
      const [a, b] = [identityOf.get(recordA), identityOf.get(recordB)];
      return a && b ? [{ pairId: id, rule, since: createdAt.toISOString(), a, b }] : [];
    });
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ custodian }, done) => ({ custodian, detail: { found: done?.length ?? 0 } }),
  },
});
