import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "./generated/prisma/client.ts";
import { createPool } from "./pool.ts";
import { createStatements, PLANNED_ONCE } from "./statements.ts";

export type DatabaseTransaction = Prisma.TransactionClient;

/**
 * What row-level security holds to in this transaction. `organisation: null` is the system, which sees every custodian;
 * `patients: []` means no limit to certain patients.
 */
export type TransactionFacts = { organisation: string | null; patients: readonly string[]; now: Date };

export type TransactionOptions = {
  /**
   * Statements that are kept have one plan for any values (ADR 0035): where making a plan takes longer than what it saves. Only for statements
   * whose plan hangs on no value; those who search by the beginning of a name do.
   */
  isPlannedOnce?: boolean;
};

export interface Database {
  /** One transaction of at most 2 s (10 s to get a connection). The facts are set before anything else is read. */
  transaction<T>(
    facts: TransactionFacts,
    work: (tx: DatabaseTransaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /**
   * Whether an error says that the database is away, or slower than a transaction may take; undefined where it says something else.
   * Where it is away nobody knows whether a transaction that was just being committed is done.
   */
  unavailability(error: unknown): "away" | "slow" | undefined;
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
/** "cached plan must not change result type": a migration changed a column of a statement that is kept. */
const PLANNED_BEFORE = "0A000";

/** An error's own code, and those of what it stands for: of our own SQL the driver's lies within Prisma's P2010. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Object)) return [];
  const of = (name: "code" | "originalCode" | "kind") => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === "string" ? [value] : [];
  };
  const within = (name: "meta" | "driverAdapterError" | "cause") => codesOf(Reflect.get(error, name));
  return [
    ...(["code", "originalCode", "kind"] as const).flatMap(of),
    ...(["meta", "driverAdapterError", "cause"] as const).flatMap(within),
  ];
}

const isRetried = (error: unknown) => codesOf(error).some((code) => RETRIED.has(code));

// It can't be reached, has no connection left, is shut down or starts; a transaction over its time, or one that waited for a connection.
const AWAY =
  /^(P1001|P1002|P1008|P1011|P1017|P2037|08\d{3}|53300|57P0[1-5]|ECONN[A-Z]+|E(HOST|NET)UNREACH|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)$/;
const SLOW = /^(P2024|P2028|57014|55P03)$/;
/** The driver's words where a connection ended between two questions: it gives no code. */
const ENDED = /^Connection terminated|Client has encountered a connection error and is not queryable/;

function unavailability(error: unknown): "away" | "slow" | undefined {
  const codes = codesOf(error);
  if (codes.some((code) => SLOW.test(code))) return "slow";
  const isEnded = error instanceof Error && ENDED.test(error.message);
  return isEnded || codes.some((code) => AWAY.test(code)) ? "away" : undefined;
}

export function createDatabase(options: DatabaseOptions): Database {
  const { connectionString, maxConnections: max = 5 } = options;
  const statements = createStatements();
  const adapter = new PrismaPg(createPool({ connectionString, max }), {
    disposeExternalPool: true,
    statementNameGenerator: ({ sql }) => statements.nameOf(sql),
  });
  const prisma = new PrismaClient({ adapter });
  const limits = { maxWait: 10_000, timeout: (options.transactionSeconds ?? 2) * 1000 };

  const once: Database["transaction"] = (facts, work, { isPlannedOnce = false } = {}) =>
    prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT weald.begin_as(${facts.organisation}, ${facts.patients.join(",")}, ${facts.now}::timestamptz)
        ${isPlannedOnce ? Prisma.sql`, ${PLANNED_ONCE}` : Prisma.empty}`;
      return work(tx);
    }, limits);

  return {
    async transaction(facts, work, transactionOptions) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(facts, work, transactionOptions);
        } catch (error) {
          const isOutdated = codesOf(error).includes(PLANNED_BEFORE);
          if (isOutdated) statements.forget();
          if (attempt === TRIES || !(isOutdated || isRetried(error))) throw error;
        }
      }
    },
    unavailability,
    close: () => prisma.$disconnect(),
  };
}
