import { z } from "zod";

/** One kind of examination as it is sent: how many objects of which size. What is no measurement says so. */
export const Kind = z.object({
  name: z.string(),
  /** Of all examinations. */
  share: z.number(),
  objects: z.number().int(),
  /** Side of the square, 16 bits a pixel. */
  side: z.number().int(),
});
export const Plan = z.object({
  examinations: z.number().int(),
  mix: z.object({ source: z.string(), date: z.string(), says: z.string() }),
  sizes: z.object({ isAssumed: z.literal(true), says: z.string() }),
  kinds: z.array(Kind).min(1),
  openings: z.object({ count: z.number(), isAssumed: z.literal(true), says: z.string() }),
  storeWait: z.object({ ms: z.number(), isAssumed: z.literal(true), says: z.string() }),
  aurora: z.object({ acu: z.number(), isAssumed: z.literal(true), says: z.string() }),
  trusts: z.array(z.object({ code: z.string(), name: z.string(), share: z.number() })),
  trustShares: z.object({ isAssumed: z.literal(true), says: z.string() }),
});
export type Plan = z.output<typeof Plan>;

const Calls = z.object({ invocations: z.number(), ms: z.number(), memoryMb: z.number() });
const Requests = z.object({ put: z.number(), get: z.number(), deleted: z.number() });

/** What one examination of a kind took, by the region's own handlers. */
export const MeasuredKind = z.object({
  name: z.string(),
  examinations: z.number().int(),
  objects: z.number().int(),
  bytes: z.number(),
  requests: Requests,
  functions: z.record(z.string(), Calls),
  messages: z.number(),
  rows: z.number(),
  /** As it has just come; a day later, its instance rows folded (ADR 0032); three months later, without how it came out (ADR 0034). */
  databaseBytes: z.number(),
  foldedBytes: z.number(),
  keptBytes: z.number(),
  opening: z.object({ ms: z.number(), frames: z.number() }),
});
export type MeasuredKind = z.output<typeof MeasuredKind>;

export const Measured = z.object({
  at: z.string(),
  commit: z.string(),
  machine: z.object({
    cpu: z.string(),
    cores: z.number(),
    memoryGb: z.number(),
    node: z.string(),
    load: z.number(),
  }),
  says: z.string(),
  kinds: z.array(MeasuredKind),
});
export type Measured = z.output<typeof Measured>;

/** A price with where it was read and when; `verified` only where London's own stood the same in two public copies of AWS's list. */
export const Price = z.object({
  usd: z.number(),
  per: z.string(),
  verified: z.boolean(),
  found: z.string(),
  sources: z
    .array(z.object({ address: z.string().min(1), date: z.string().regex(/^\d{4}-\d\d(-\d\d)?$/) }))
    .min(1),
});
export type Price = z.output<typeof Price>;
export const Limit = z.object({
  value: z.number(),
  unit: z.string(),
  verified: z.boolean(),
  found: z.string(),
  sources: z.array(z.object({ address: z.string().min(1), date: z.string() })).min(1),
});
export const Prices = z.record(z.string(), Price);
export const Limits = z.record(z.string(), Limit);

/** What bench `cold-start` writes. */
export const ColdStarts = z.object({
  at: z.string(),
  results: z.array(z.object({ function: z.string(), memoryMb: z.number(), coldOnLambdaSeconds: z.number() })),
});
export type ColdStarts = z.output<typeof ColdStarts>;
