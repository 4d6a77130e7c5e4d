import { z } from "zod";
import { type Ctx, defineBatchAction, SPOOL_PREFIX } from "../kernel/index.ts";
import { systemOnly } from "./audit.policy.ts";
import { insertSpooled } from "./event.store.ts";
import { SpooledRow } from "./spooled-row.ts";

const MOST = 200;

/** `rows` is missing where the object can't be read as rows. */
type Spooled = { key: string; rows: SpooledRow[] | undefined };

async function read(ctx: Ctx, key: string): Promise<Spooled> {
  const parts: Uint8Array[] = [];
  for await (const part of await ctx.service.ports.spool.read(key)) parts.push(part);
  try {
    return { key, rows: z.array(SpooledRow).parse(JSON.parse(Buffer.concat(parts).toString("utf8"))) };
  } catch {
    return { key, rows: undefined };
  }
}

/**
 * Brings rows that the database did not take back into the audit, by the id that each was given: once, however often. What
 * can't be merged stays where it is and is told, and those behind it come in all the same.
 */
export const mergeSpool = defineBatchAction({
  name: "audit.merge-spool",
  input: z.object({ after: z.string().default("") }),
  policy: systemOnly,
  async prepare(ctx, { after }) {
    const spooled: Spooled[] = [];
    for await (const { key } of ctx.service.ports.spool.list(SPOOL_PREFIX, { after, limit: MOST }))
      spooled.push(await read(ctx, key));
    return spooled;
  },
  load: async () => null,
  async run(tx, _input, _facts, { rows }) {
    if (!rows) throw new Error("what lies in the spool is no rows");
    return insertSpooled(tx, rows);
  },
  async after(ctx, results) {
    let merged = 0;
    for (const result of results) {
      if ("error" in result) continue;
      merged += result.done;
      await ctx.service.ports.spool.delete(result.part.key);
    }
    const left = results.filter((result) => "error" in result).length;
    if (left > 0) ctx.service.log({ level: "error", event: "audit.spool-not-merged", objects: left });
    return { merged, left, next: results.length === MOST ? results.at(-1)?.part.key : undefined };
  },
  audit: { how: "none" },
});
