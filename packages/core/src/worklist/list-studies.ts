import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { rowsFor } from "./mask-rows.ts";
import { ofTrust, scopeOf } from "./scope.ts";
import { mayList } from "./worklist.policy.ts";
import { findPage, readCursor } from "./worklist.store.ts";

const PAGE = 50;

export const WorklistFilters = z.object({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  modality: z
    .string()
    .regex(/^[A-Z]{2,16}$/)
    .optional(),
  custodian: z
    .string()
    .regex(/^[A-Z0-9]{3,6}$/)
    .optional(),
  reportState: z.enum(["reported", "preliminary", "unreported"]).optional(),
  isIncomplete: z.boolean().optional(),
});

const Cursor = z.object({ studiedAt: z.iso.datetime().nullable(), studyId: z.uuid() });

/** The actor's own list, newest first, in pages by key; with a cursor by which to ask whether anything changed. */
export const list = defineAction({
  name: "worklist.list",
  input: z.object({ filters: WorklistFilters.default({}), cursor: Cursor.nullish() }),
  policy: mayList,
  isPlannedOnce: () => true,
  load: async () => null,
  async run(tx, { filters, cursor }) {
    const scope = ofTrust(scopeOf(tx.actor), filters.custodian);
    const { rows, changeCursor } =
      scope.kind === "none"
        ? { rows: [], changeCursor: await readCursor(tx) }
        : await findPage(tx, { scope, filters, cursor: cursor ?? undefined, limit: PAGE + 1 });
    const last = rows.length > PAGE ? rows[PAGE - 1] : undefined;
    return {
      kind: scope.kind,
      rows: await rowsFor(tx, rows.slice(0, PAGE)),
      next: last && { studiedAt: last.studiedAt ?? null, studyId: last.studyId },
      changeCursor,
    };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ filters }, done) => ({ detail: { ...filters, rows: done?.rows.length ?? 0 } }),
  },
});
