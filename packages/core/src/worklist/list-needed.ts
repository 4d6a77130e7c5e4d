import { createHash } from "node:crypto";
import { z } from "zod";
import * as Access from "../access/index.ts";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { findNeeded, type NeededRow } from "./needed.store.ts";
import { mayKeepAtEdge } from "./worklist.policy.ts";

const MOST = 2000;

type Needed = {
  /** Of the whole list: whoever has the list with this mark has it still. */
  mark: string;
  isSame: boolean;
  /** More is needed than is listed. */
  isCut: boolean;
  /** Most needed first; empty where `isSame`. */
  studies: NeededRow[];
};

const markOf = (rows: readonly NeededRow[], isCut: boolean): string =>
  createHash("sha256")
    .update(JSON.stringify([rows, isCut]))
    .digest("hex");

/**
 * What today's lists of a trust need, as far as the client that asks may read it: what its gateway keeps for the time when
 * the region is away, and for whom. Asked again and again with the mark of the list that the gateway has: what was corrected,
 * rejected, moved or closed to this client since is on the new list otherwise, or not at all.
 */
export const listNeeded = defineAction({
  name: "worklist.list-needed",
  input: z.object({ mark: z.string().max(64).optional() }),
  policy: mayKeepAtEdge,
  load: async () => null,
  async run(tx, input): Promise<Needed> {
    const scope = Access.readingScope(tx.actor);
    const trust = organisationOf(tx.actor) ?? "";
    const rows = scope ? await findNeeded(tx, { trust, scope, limit: MOST + 1 }) : [];
    const [studies, isCut] = [rows.slice(0, MOST), rows.length > MOST];
    const mark = markOf(studies, isCut);
    return mark === input.mark
      ? { mark, isSame: true, isCut, studies: [] }
      : { mark, isSame: false, isCut, studies };
  },
  // Every few seconds, and only ids: once in a quarter of an hour is on the record.
  audit: { how: "coalesced", verb: "listed", subjects: () => ({}) },
});
