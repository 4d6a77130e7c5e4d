import type { Ctx } from "@weald/core/kernel";
import type { SQSRecord } from "aws-lambda";
import { z } from "zod";

/** What a committed transaction had to tell: one row of the outbox. */
const Fact = z.object({ id: z.string(), type: z.string(), payload: z.unknown() });
type Fact = z.infer<typeof Fact>;

export type Hearer = (ctx: Ctx, payload: unknown) => Promise<unknown>;

/** Decodes what a fact says and calls the one action that hears it. */
export const hears =
  <P>(payload: z.ZodType<P>, action: (ctx: Ctx, input: P) => Promise<unknown>): Hearer =>
  (ctx, said) =>
    action(ctx, payload.parse(said));

/** A fact, and the messages that tell it. */
type Told = { type: string; payload: unknown; messageIds: string[] };

/**
 * What a batch tells, each fact once: the images of a study come in by many transactions, each of which says so. They are committed, all of
 * them, so whoever hears of the study then sees them all.
 *
 * @returns `unread`: messages that are no fact
 */
export function toldOnce(records: readonly Pick<SQSRecord, "messageId" | "body">[]): {
  told: Told[];
  unread: string[];
} {
  const told = new Map<string, Told>();
  const unread: string[] = [];
  for (const { messageId, body } of records) {
    const fact = read(body);
    if (!fact) {
      unread.push(messageId);
      continue;
    }
    const { type, payload } = fact;
    const key = JSON.stringify([type, payload]);
    const one = told.get(key) ?? { type, payload, messageIds: [] };
    one.messageIds.push(messageId);
    told.set(key, one);
  }
  return { told: [...told.values()], unread };
}

function read(body: string): Fact | undefined {
  try {
    return Fact.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
