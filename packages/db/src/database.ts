import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "./generated/prisma/client.ts";

export type DatabaseTransaction = Prisma.TransactionClient;

/**
 * What row-level security holds to in this transaction. `organisation: null` is the system, which sees every custodian;
 * `patients: []` means no limit to certain patients.
 */
export type TransactionFacts = { organisation: string | null; patients: readonly string[]; now: Date };

export interface Database {
  /** One transaction of at most 2 s (10 s to get a connection). The facts are set before anything else is read. */
  transaction<T>(facts: TransactionFacts, work: (tx: DatabaseTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type DatabaseOptions = {
  connectionString: string;
  maxConnections?: number;
  transactionSeconds?: number;
};

// Serialization failure, deadlock, and a unique violation by a concurrent insert: the whole transaction is run again.
const RETRIED = new Set(["40001", "40P01", "23505", "P2034", "P2002"]);
const TRIES = 5;

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  const meta =
    "meta" in error && error.meta instanceof Object && "code" in error.meta ? [String(error.meta.code)] : [];
  return [...own, ...meta, ...codesOf(error.cause)];
}

const isRetried = (error: unknown) => codesOf(error).some((code) => RETRIED.has(code));

export function createDatabase(options: DatabaseOptions): Database {
  const adapter = new PrismaPg({
    connectionString: options.connectionString,
    max: options.maxConnections ?? 5,
  });
  const prisma = new PrismaClient({ adapter });
  const limits = { maxWait: 10_000, timeout: (options.transactionSeconds ?? 2) * 1000 };

  const once = <T>(facts: TransactionFacts, work: (tx: DatabaseTransaction) => Promise<T>) =>
    prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT weald.begin_as(${facts.organisation}, ${facts.patients.join(",")}, ${facts.now}::timestamptz)`;
      return work(tx);
    }, limits);

  return {
    async transaction(facts, work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(facts, work);
        } catch (error) {
          if (attempt === TRIES || !isRetried(error)) throw error;
        }
      }
    },
    close: () => prisma.$disconnect(),
  };
}
