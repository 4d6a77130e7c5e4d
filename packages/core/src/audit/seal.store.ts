import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { SealableRow } from "./canonical.ts";
import type { SealFault, SealRow } from "./judge-seal.ts";
import { type Link, NO_CUSTODIAN, type Seal } from "./seal.ts";

/** Every column, under its name in `AuditRecord`. */
const COLUMNS = Prisma.sql`e.id, e.at, e.action, e.verb, e.outcome, e.reason, e.actor_kind AS "actorKind", e.actor_id AS "actorId",
  e.role, e.organisation, e.purpose, e.patient_id AS "patientId", e.study_id AS "studyId", e.custodian, e.door,
  e.correlation_id AS "correlationId", e.from_address AS "fromAddress", e.from_system AS "fromSystem",
  e.session_id AS "sessionId", e.is_prefetch AS "isPrefetch", e.detail, e.xid`;
const ofChain = (chain: string) =>
  chain === NO_CUSTODIAN ? Prisma.sql`e.custodian IS NULL` : Prisma.sql`e.custodian = ${chain}`;

/** One sealer at a time, until its transaction ends. */
export async function lockSealing(tx: Tx): Promise<void> {
  await databaseOf(tx).$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtext('audit.seal-rows'))`;
}

/** Where all seals end, and the oldest transaction that may still write. */
export async function findFrontier(tx: Tx): Promise<{ from: bigint; open: bigint }> {
  const [found] = await databaseOf(tx).$queryRaw<{ from: bigint; open: bigint }[]>`
    SELECT coalesce((SELECT max(xid_to) FROM audit_seal), 0) AS from, weald.oldest_open_xid() AS open`;
  return found ?? { from: 0n, open: 0n };
}

/** The transaction at which so many rows are reached; a transaction's rows are never parted. */
export async function findCut(tx: Tx, from: bigint, open: bigint, most: number): Promise<bigint> {
  const [found] = await databaseOf(tx).$queryRaw<{ first: bigint; over: bigint | null }[]>`
    SELECT min(xid) AS first,
      (SELECT xid FROM audit_event WHERE xid >= ${from} AND xid < ${open} ORDER BY xid OFFSET ${most} LIMIT 1) AS over
    FROM audit_event WHERE xid >= ${from} AND xid < ${open}`;
  if (!found?.over) return open;
  return found.over > found.first ? found.over : found.first + 1n;
}

/** Chains with rows between the two, each with its last link. */
export async function findChains(tx: Tx, from: bigint, to: bigint): Promise<Link[]> {
  return databaseOf(tx).$queryRaw<Link[]>`
    SELECT c.chain, coalesce(l.number, 0) AS number, coalesce(l.xid_to, 0) AS "xidTo", coalesce(l.root, repeat('0', 64)) AS root
    FROM (SELECT DISTINCT coalesce(custodian, ${NO_CUSTODIAN}) AS chain FROM audit_event WHERE xid >= ${from} AND xid < ${to}) c
    LEFT JOIN LATERAL (SELECT number, xid_to, root FROM audit_seal s WHERE s.chain = c.chain ORDER BY number DESC LIMIT 1) l ON true
    ORDER BY c.chain`;
}

export async function findRows(tx: Tx, chain: string, from: bigint, to: bigint): Promise<SealableRow[]> {
  return databaseOf(tx).$queryRaw<SealableRow[]>`
    SELECT ${COLUMNS} FROM audit_event e WHERE ${ofChain(chain)} AND e.xid >= ${from} AND e.xid < ${to}`;
}

export async function writeSeal(tx: Tx, seal: Seal): Promise<void> {
  const { version: _version, rows, xidFrom, xidTo, sealedAt, ...rest } = seal;
  await databaseOf(tx).auditSeal.create({
    data: {
      ...rest,
      xidFrom: BigInt(xidFrom),
      xidTo: BigInt(xidTo),
      sealedAt: new Date(sealedAt),
      count: rows.length,
    },
    select: { number: true },
  });
}

const SEAL = Prisma.sql`s.chain, s.number, s.xid_from AS "xidFrom", s.xid_to AS "xidTo", s.count, s.root, s.previous,
  s.sealed_at AS "sealedAt",
  (SELECT p.root FROM audit_seal p WHERE p.chain = s.chain AND p.number = s.number - 1) AS "rootBefore"`;
const shape = ({ rootBefore, ...row }: SealRow & { rootBefore: string | undefined | null }): SealRow => ({
  ...row,
  rootBefore: rootBefore ?? undefined,
});

/** The newest links of every chain, newest first. */
export async function findLastSeals(tx: Tx, ofEach: number): Promise<SealRow[]> {
  const found = await databaseOf(tx).$queryRaw<SealRow[]>`
    SELECT ${SEAL} FROM (SELECT DISTINCT chain FROM audit_seal) c
    CROSS JOIN LATERAL (SELECT * FROM audit_seal a WHERE a.chain = c.chain ORDER BY a.number DESC LIMIT ${ofEach}) s
    ORDER BY s.chain, s.number DESC`;
  return found.map(shape);
}

export type SealScope = { since: Date; slice: number; of: number };

/** Links of a chain after one, in order: the young ones, and of the old ones a slice. */
export async function findSeals(
  tx: Tx,
  chain: string,
  after: number,
  { since, slice, of }: SealScope,
  limit: number,
): Promise<SealRow[]> {
  const found = await databaseOf(tx).$queryRaw<SealRow[]>`
    SELECT ${SEAL} FROM audit_seal s WHERE s.chain = ${chain} AND s.number > ${after}
      AND (s.sealed_at >= ${since}::timestamptz OR s.number % ${of} = ${slice})
    ORDER BY s.number LIMIT ${limit}`;
  return found.map(shape);
}

/** Numbers that a chain leaps over. */
export async function findGaps(tx: Tx, chain: string): Promise<number[]> {
  const found = await databaseOf(tx).$queryRaw<{ number: number }[]>`
    SELECT s.number - 1 AS number FROM audit_seal s WHERE s.chain = ${chain} AND s.number > 1
      AND NOT EXISTS (SELECT 1 FROM audit_seal p WHERE p.chain = s.chain AND p.number = s.number - 1)
    ORDER BY s.number LIMIT 100`;
  return found.map(({ number }) => number);
}

export async function findSealedChains(tx: Tx): Promise<{ chain: string; last: number }[]> {
  return databaseOf(tx).$queryRaw<{ chain: string; last: number }[]>`
    SELECT chain, max(number) AS last FROM audit_seal GROUP BY chain ORDER BY chain`;
}

export async function writeVerification(
  tx: Tx,
  found: { seals: number; rows: number; faults: readonly SealFault[] },
): Promise<void> {
  await databaseOf(tx).auditVerification.create({
    data: { ...found, faults: found.faults.map((fault) => ({ ...fault })), verifiedAt: tx.now },
    select: { id: true },
  });
}

export type Verification = { verifiedAt: Date; seals: number; rows: number; faults: unknown };

export async function findLastVerification(tx: Tx): Promise<Verification | undefined> {
  const found = await databaseOf(tx).auditVerification.findFirst({
    select: { verifiedAt: true, seals: true, rows: true, faults: true },
    orderBy: { verifiedAt: "desc" },
  });
  return found ?? undefined;
}
