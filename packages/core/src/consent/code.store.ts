import { randomUUID } from "node:crypto";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { CODE_MINUTES, type Link } from "./link.ts";
import type { Tries } from "./tries.ts";

export type Code = { id: string; proof: string };

/** @returns The id that the code's proof is made with. */
export const newCodeId = (): string => randomUUID();

export type NewCode = Code & { tokenHash: string; minutes?: number };

export async function writeCode(
  tx: Tx,
  link: Link,
  { minutes = CODE_MINUTES, ...code }: NewCode,
): Promise<void> {
  await databaseOf(tx).linkCode.create({
    data: {
      ...code,
      ...{ linkId: link.id, organisation: link.organisation, patientId: link.patientId },
      madeAt: tx.now,
      endsAt: new Date(tx.now.getTime() + minutes * 60_000),
    },
    select: { id: true },
  });
}

/** Codes of a token that count still. */
export const findCodes = (tx: Tx, tokenHash: string): Promise<Code[]> =>
  databaseOf(tx).linkCode.findMany({
    where: { tokenHash, usedAt: null, endsAt: { gt: tx.now } },
    select: { id: true, proof: true },
    orderBy: { madeAt: "desc" },
    take: 5,
  });

/** Single use: one that is right uses up whatever else was sent. @returns false where another request was faster. */
export async function spendCode(tx: Tx, tokenHash: string, id: string): Promise<boolean> {
  const db = databaseOf(tx).linkCode;
  const { count } = await db.updateMany({ where: { id, usedAt: null }, data: { usedAt: tx.now } });
  await db.updateMany({ where: { tokenHash, usedAt: null }, data: { usedAt: tx.now } });
  return count === 1;
}

export type Try = {
  tokenHash: string;
  address: string;
  link: Pick<Link, "id" | "patientId"> | undefined;
};
type Kind = "code-asked" | "code-wrong" | "code-right" | "new-link-asked";

export async function noteTry(tx: Tx, { tokenHash, address, link }: Try, kind: Kind): Promise<void> {
  await databaseOf(tx).linkTry.create({
    data: {
      ...{ tokenHash, address, kind, at: tx.now },
      ...{ linkId: link?.id ?? null, patientId: link?.patientId ?? null },
    },
    select: { id: true },
  });
}

const MOST = 50;
const ago = (tx: Tx, minutes: number) => new Date(tx.now.getTime() - minutes * 60_000);

/** One at a time for a token: two that come together are two tries. */
export async function lockToken(tx: Tx, tokenHash: string): Promise<void> {
  await databaseOf(tx)
    .$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`link:${tokenHash}`}, 0))::text`;
}

/** What was tried before, of a token that is one and of one that isn't: the same statements. */
export async function findTries(tx: Tx, { tokenHash, address, link }: Try): Promise<Tries> {
  const db = databaseOf(tx).linkTry;
  const right = await db.findFirst({
    where: { tokenHash, kind: "code-right" },
    select: { at: true },
    orderBy: { at: "desc" },
  });
  const wrong = await db.findMany({
    where: { tokenHash, kind: "code-wrong", ...(right ? { at: { gt: right.at } } : {}) },
    select: { at: true },
    orderBy: { at: "asc" },
    take: MOST,
  });
  const nobody = "00000000-0000-0000-0000-000000000000";
  const patientId = link?.patientId ?? nobody;
  return {
    wrong: wrong.map(({ at }) => at),
    wrongFromAddressInHour: await db.count({
      where: { address, kind: "code-wrong", at: { gt: ago(tx, 60) } },
    }),
    wrongOfPatientInDay: await db.count({
      where: { patientId, kind: "code-wrong", at: { gt: ago(tx, 24 * 60) } },
    }),
    askedInPause: await db.count({ where: { tokenHash, kind: "code-asked", at: { gt: ago(tx, 15) } } }),
    askedFromAddressInHour: await db.count({
      where: { address, kind: "code-asked", at: { gt: ago(tx, 60) } },
    }),
    askedOfPatientInHour: await db.count({
      where: { patientId, kind: "code-asked", at: { gt: ago(tx, 60) } },
    }),
  };
}
