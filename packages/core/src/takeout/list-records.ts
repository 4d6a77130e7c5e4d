import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { mayTakeOut } from "./takeout.policy.ts";
import { Whose } from "./takeout.ts";
import { custodianOf, takingFacts } from "./taking-facts.ts";

const PAGE = 200;

async function ownOf(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const custodian = custodianOf(tx);
  const records = await Patient.findRecordsByIds(tx, ids);
  return new Set(records.filter((record) => record.custodian === custodian).map(({ id }) => id));
}

/** The trust's own records page by page, and with the last page those of others under which it holds outside images. */
async function ofTrust(tx: Tx, after: string | undefined) {
  const custodian = custodianOf(tx);
  const ids = await Patient.findRecordIdsOf(tx, custodian, { after, limit: PAGE });
  if (ids.length === PAGE) return { recordIds: ids, next: ids.at(-1) };
  const foreign = await Study.findForeignRecordIds(tx, custodian, (all) => ownOf(tx, all));
  return { recordIds: [...ids, ...foreign], next: undefined };
}

/**
 * Whose records are to be taken out, page by page. Nothing of them yet.
 *
 * @throws {Invalid} `NHS_NUMBER_INVALID`
 */
export const listRecords = defineAction({
  name: "takeout.list-records",
  purpose: "operations",
  input: z.object({ whose: Whose, after: z.uuid().optional() }),
  policy: mayTakeOut,
  load: (tx, { whose }) => takingFacts(tx, whose),
  async run(tx, { whose, after }, { custodian, records }) {
    const page =
      whose.kind === "trust"
        ? await ofTrust(tx, after)
        : { recordIds: records.map(({ id }) => id), next: undefined };
    return { custodian, ...page };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ whose }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { of: whose.kind, records: done?.recordIds.length ?? 0 },
    }),
  },
});
