import { linkUsedWithin } from "../kernel/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Link } from "./link.ts";

export const DEVICES = ["phone", "tablet", "computer", "unknown"] as const;
export type Device = (typeof DEVICES)[number];

const deviceOf = (said: string): Device => DEVICES.find((one) => one === said) ?? "unknown";

export type NewSession = { hash: string; agentHash: string; device: Device; endsAt: Date };

export async function beginLinkSession(tx: Tx, link: Link, session: NewSession): Promise<string> {
  const { id } = await databaseOf(tx).linkSession.create({
    data: {
      ...session,
      ...{ linkId: link.id, organisation: link.organisation, patientId: link.patientId },
      ...{ beganAt: tx.now, lastSeenAt: tx.now },
    },
    select: { id: true },
  });
  return id;
}

export type LiveSession = {
  id: string;
  linkId: string;
  patientId: string;
  organisation: string;
  agentHash: string;
  lastSeenAt: Date;
};

/** A session by its cookie, while it lives. */
export async function findLinkSession(tx: Tx, hash: string): Promise<LiveSession | undefined> {
  const row = await databaseOf(tx).linkSession.findFirst({
    where: { hash, endedAt: null, endsAt: { gt: tx.now }, lastSeenAt: linkUsedWithin(tx.now) },
    select: {
      ...{ id: true, linkId: true, patientId: true },
      ...{ organisation: true, agentHash: true, lastSeenAt: true },
    },
  });
  return row ?? undefined;
}

const TOUCHED_EVERY_MS = 60_000;

export async function touchLinkSession(tx: Tx, { id, lastSeenAt }: LiveSession): Promise<void> {
  if (Math.abs(tx.now.getTime() - lastSeenAt.getTime()) < TOUCHED_EVERY_MS) return;
  await databaseOf(tx).linkSession.update({
    where: { id },
    data: { lastSeenAt: tx.now },
    select: { id: true },
  });
}

export async function endLinkSessions(
  tx: Tx,
  which: { id: string } | { linkId: string },
  why: "closed" | "not-me" | "other-device" | "replaced",
): Promise<void> {
  await databaseOf(tx).linkSession.updateMany({
    where: { ...which, endedAt: null },
    data: { endedAt: tx.now, endedWhy: why },
  });
}

export type Opening = { linkId: string; at: Date; device: Device };

/** When links were opened and on what, newest first. */
export async function findOpenings(tx: Tx, linkIds: readonly string[], most: number): Promise<Opening[]> {
  const rows = await databaseOf(tx).linkSession.findMany({
    where: { linkId: { in: [...linkIds] } },
    select: { linkId: true, beganAt: true, device: true },
    orderBy: { beganAt: "desc" },
    take: most,
  });
  return rows.map(({ linkId, beganAt, device }) => ({ linkId, at: beganAt, device: deviceOf(device) }));
}
