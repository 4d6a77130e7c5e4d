import { Prisma } from "@weald/db";

/**
 * What is served, as SQL: rejected at any level is not, nor a study that is said to be another patient's until a second
 * person has decided, nor what nothing is left of. Whoever reads studies, series or instances for a reader states these, for
 * every level that it reads (docs/adr/0007).
 */
export const isServedStudy = (study: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(${study}.rejected_at IS NULL AND ${study}.withheld_at IS NULL AND ${study}.modalities <> '{}')`;
export const isServedSeries = (series: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(${series}.rejected_at IS NULL AND ${series}.instance_count > 0)`;
export const isServedInstance = (instance: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(${instance}.rejected_at IS NULL)`;

/** The same for Prisma's own `where`. */
export const servedStudies = { rejectedAt: null, withheldAt: null, modalities: { isEmpty: false } };
export const servedSeriesRows = { rejectedAt: null, instanceCount: { gt: 0 } };
