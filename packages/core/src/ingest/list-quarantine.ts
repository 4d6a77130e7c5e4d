import { keywordOf } from "@weald/dicom";
import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { isConflict } from "./conflict.ts";
import { mayDecideQuarantine } from "./ingest.policy.ts";
import { findQuarantine, type QuarantineState } from "./quarantine.store.ts";

const PAGE = 50;
const LISTS = {
  waiting: ["waiting"],
  retried: ["retried"],
  discarded: ["discarded"],
  solved: ["kept", "replaced", "both"],
} as const satisfies Record<string, readonly QuarantineState[]>;

/** Tags are for programs: a person reads keywords. */
const inWords = (tags: readonly string[] | undefined) =>
  tags ? { differs: tags.map((tag) => keywordOf(tag) ?? tag) } : {};

/** What waits for a person in one's own trust, the newest first, with the sentence that says why. */
export const listQuarantine = defineAction({
  name: "ingest.list-quarantine",
  input: z.object({
    state: z.enum(["waiting", "retried", "discarded", "solved"]).default("waiting"),
    after: z.uuid().optional(),
  }),
  policy: mayDecideQuarantine,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, { state, after }, { custodian }) {
    const rows = await findQuarantine(tx, custodian, LISTS[state], { after, limit: PAGE + 1 });
    const items = rows.slice(0, PAGE).map(({ createdAt, decidedAt, ...row }) => ({
      ...row,
      identity: { ...row.identity, ...inWords(row.identity.differs) },
      isConflict: isConflict(row.code),
      since: createdAt.toISOString(),
      decidedAt: decidedAt?.toISOString(),
    }));
    return { items, next: rows.length > PAGE ? items.at(-1)?.id : undefined, custodian };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) =>
      done ? { custodian: done.custodian, detail: { items: done.items.length } } : {},
  },
});
