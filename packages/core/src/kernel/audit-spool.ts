import { randomUUID } from "node:crypto";
import { type AuditRow, dataOf } from "./audit.store.ts";
import type { Ctx } from "./ctx.ts";

/** Below it lies what waits to be merged; a key is written once. */
export const SPOOL_PREFIX = "waiting/";

/**
 * Writes rows that the database did not take to the spool, one object for all, each with the id and the time that it will have.
 * Durable when it returns.
 */
export async function spoolAudit(ctx: Ctx, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  const at = ctx.service.now().toISOString();
  const spooled = rows.map((row) => ({ id: randomUUID(), at, ...dataOf(ctx, row) }));
  const key = `${SPOOL_PREFIX}${at.slice(0, 16).replaceAll(":", "-")}/${randomUUID()}.json`;
  const body = Buffer.from(JSON.stringify(spooled));
  await ctx.service.ports.spool.put(key, body, {
    contentType: "application/json",
    sizeBytes: body.length,
    ifAbsent: true,
  });
  ctx.service.log({ level: "error", event: "audit.spooled", rows: spooled.length, action: rows[0]?.action });
}
