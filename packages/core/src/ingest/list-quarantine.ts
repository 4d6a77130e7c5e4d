import { keywordOf } from "@weald/dicom";
import { z } from "zod";
import { defineAction, may, organisationOf } from "../kernel/index.ts";
import { isConflict } from "./conflict.ts";
import { mayListQuarantine } from "./ingest.policy.ts";
import { findQuarantine, type QuarantineIdentity, type QuarantineState } from "./quarantine.store.ts";

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

/** What kind of thing it is, and nothing by which anybody is known. */
const unnamed = ({
  messageType,
  sender,
  modality,
  rule,
  differs,
}: QuarantineIdentity): QuarantineIdentity => ({
  ...(messageType ? { messageType } : {}),
  ...(sender ? { sender } : {}),
  ...(modality ? { modality } : {}),
  ...(rule ? { rule } : {}),
  ...inWords(differs),
});

/** What waits for a person in one's own trust, the newest first, with the sentence that says why. */
export const listQuarantine = defineAction({
  name: "ingest.list-quarantine",
  input: z.object({
    state: z.enum(["waiting", "retried", "discarded", "solved"]).default("waiting"),
    after: z.uuid().optional(),
  }),
  policy: mayListQuarantine,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, { state, after }, { custodian }) {
    // Who watches over safety decides nothing, and needs nobody's name.
    const isNamed = may(tx.actor, "manage-archive");
    const rows = await findQuarantine(tx, custodian, LISTS[state], { after, limit: PAGE + 1 });
    const items = rows.slice(0, PAGE).map(({ createdAt, decidedAt, ...row }) => ({
      ...row,
      identity: isNamed ? { ...row.identity, ...inWords(row.identity.differs) } : unnamed(row.identity),
      isConflict: isConflict(row.code),
      since: createdAt.toISOString(),
      decidedAt: decidedAt?.toISOString(),
    }));
    return { items, next: rows.length > PAGE ? items.at(-1)?.id : undefined, custodian, mayDecide: isNamed };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) =>
      done ? { custodian: done.custodian, detail: { items: done.items.length } } : {},
  },
});
