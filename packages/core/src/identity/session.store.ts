import type { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Ending, SessionRow } from "./session.ts";

const SELECT = {
  id: true,
  personId: true,
  roleId: true,
  organisation: true,
  signedInAt: true,
  provedAt: true,
  lastSeenAt: true,
  idleSeconds: true,
  lockedAt: true,
  endsAt: true,
  endedAt: true,
  endedWhy: true,
} as const;

type Selected = Prisma.SessionGetPayload<{ select: typeof SELECT }>;
const asRow = ({ id, ...rest }: Selected): SessionRow => ({ sessionId: id, ...rest });

export type NewSession = {
  sessionId: string;
  personId: string;
  roleId: string;
  organisation: string;
  providerSub: string;
  providerSid: string | undefined;
  provedAt: Date;
  idleSeconds: number | null;
  endsAt: Date;
};

export async function writeSession(tx: Tx, { sessionId, providerSid, ...rest }: NewSession): Promise<void> {
  await databaseOf(tx).session.create({
    data: {
      id: sessionId,
      ...rest,
      providerSid: providerSid ?? null,
      signedInAt: tx.now,
      lastSeenAt: tx.now,
    },
    select: { id: true },
  });
}

export async function findSession(tx: Tx, sessionId: string): Promise<SessionRow | undefined> {
  const row = await databaseOf(tx).session.findUnique({ where: { id: sessionId }, select: SELECT });
  return row ? asRow(row) : undefined;
}

/** A person's sessions that are not over, newest first. */
export async function sessionsOf(tx: Tx, personId: string): Promise<SessionRow[]> {
  const rows = await databaseOf(tx).session.findMany({
    where: { personId, endedAt: null, endsAt: { gt: tx.now } },
    select: SELECT,
    orderBy: { signedInAt: "desc" },
    take: 50,
  });
  return rows.map(asRow);
}

export async function noteUse(tx: Tx, sessionId: string): Promise<void> {
  await databaseOf(tx).session.updateMany({
    where: { id: sessionId, endedAt: null },
    data: { lastSeenAt: tx.now },
  });
}

export async function lock(tx: Tx, sessionId: string): Promise<void> {
  await databaseOf(tx).session.updateMany({
    where: { id: sessionId, endedAt: null, lockedAt: null },
    data: { lockedAt: tx.now },
  });
}

/** From now on a meeting's display: never locked, over after a while whatever was left of the shift. */
export async function becomeDisplay(tx: Tx, meetingId: string, endsAt: Date): Promise<boolean> {
  const { count } = await databaseOf(tx).session.updateMany({
    where: { id: tx.session?.id ?? "", endedAt: null, lockedAt: null, displayMeetingId: null },
    data: { displayMeetingId: meetingId, idleSeconds: null, endsAt },
  });
  return count === 1;
}

/** Ends what is not over yet. */
export async function endSessions(tx: Tx, sessionIds: readonly string[], why: Ending): Promise<number> {
  const { count } = await databaseOf(tx).session.updateMany({
    where: { id: { in: [...sessionIds] }, endedAt: null },
    data: { endedAt: tx.now, endedWhy: why },
  });
  return count;
}

/** The sessions that a provider's logout names: by its own session, else all of the person. */
export async function sessionsOfProvider(
  tx: Tx,
  { sub, sid }: { sub?: string | undefined; sid?: string | undefined },
): Promise<SessionRow[]> {
  const rows = await databaseOf(tx).session.findMany({
    where: {
      ...(sid === undefined ? {} : { providerSid: sid }),
      ...(sub === undefined ? {} : { providerSub: sub }),
      endedAt: null,
    },
    select: SELECT,
  });
  return rows.map(asRow);
}

/** Whether this logout token is heard for the first time. */
export async function hearToken(tx: Tx, jti: string): Promise<boolean> {
  const { count } = await databaseOf(tx).logoutToken.createMany({
    data: [{ jti, heardAt: tx.now }],
    skipDuplicates: true,
  });
  return count === 1;
}

export async function isKnownOrganisation(tx: Tx, odsCode: string): Promise<boolean> {
  const found = await databaseOf(tx).organisation.findUnique({
    where: { odsCode },
    select: { odsCode: true },
  });
  return found !== null;
}
