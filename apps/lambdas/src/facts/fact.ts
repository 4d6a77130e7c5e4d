import type { Ctx } from "@weald/core/kernel";
import { z } from "zod";

/** What a committed transaction had to tell: one row of the outbox. */
export const Fact = z.object({ id: z.string(), type: z.string(), payload: z.unknown() });

export type Hearer = (ctx: Ctx, payload: unknown) => Promise<unknown>;

/** Decodes what a fact says and calls the one action that hears it. */
export const hears =
  <P>(payload: z.ZodType<P>, action: (ctx: Ctx, input: P) => Promise<unknown>): Hearer =>
  (ctx, said) =>
    action(ctx, payload.parse(said));
