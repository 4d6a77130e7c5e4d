import { systemCtx } from "@weald/adapters";
import type { Ctx } from "@weald/core/kernel";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type Hearer, toldOnce } from "./fact.ts";
import { meetingsTold } from "./meetings-told.ts";
import { messagePutAside } from "./message-put-aside.ts";
import { outcomesTold } from "./outcomes-told.ts";
import { patientChanged } from "./patient-changed.ts";
import { seriesSettled } from "./series-settled.ts";
import { studyIndexed } from "./study-indexed.ts";

/** Who hears which fact: one file each. Facts are heard at least once and in any order. */
const HEARERS: Readonly<Record<string, readonly Hearer[]>> = {
  "study.indexed": [studyIndexed, meetingsTold, outcomesTold],
  "study.corrected": [outcomesTold],
  "series.settled": [meetingsTold, seriesSettled],
  "report.received": [meetingsTold, outcomesTold],
  "patient.changed": [patientChanged],
  "message.put-aside": [messagePutAside],
};

/** A fact that nobody knows is let go, and counted: one that should have been heard is missed in the log, not in the dark. */
function countUnheard(ctx: Ctx, told: readonly string[]): void {
  for (const type of new Set(told))
    ctx.service.log({
      level: "warn",
      event: "facts.unheard",
      type,
      count: told.filter((one) => one === type).length,
    });
}

/** Outbox → queue → the action that hears the fact. What must come again is returned, message by message. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const ctx = await systemCtx("hear-facts", "queue", context.awsRequestId);
  const { told, unread } = toldOnce(event.Records);
  const failed = [...unread];
  const unheard: string[] = [];
  if (unread.length > 0) ctx.service.log({ level: "error", event: "facts.unread", count: unread.length });
  for (const { type, payload, messageIds } of told) {
    const hear = HEARERS[type];
    if (!hear) unheard.push(...messageIds.map(() => type));
    try {
      for (const one of hear ?? []) await one(ctx, payload);
    } catch (error) {
      failed.push(...messageIds);
      const why = error instanceof Error ? error.name : "";
      ctx.service.log({ level: "error", event: "facts.failed", why });
    }
  }
  countUnheard(ctx, unheard);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
