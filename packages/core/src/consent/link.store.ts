import { databaseOf, type Tx } from "../kernel/tx.ts";
import { ENDINGS, type Ending, type Item, type Link, RECIPIENTS } from "./link.ts";

const columns = {
  id: true,
  organisation: true,
  patientRecordId: true,
  patientId: true,
  recipient: true,
  proxyId: true,
  parentId: true,
  passedTo: true,
  passedAddress: true,
  contactId: true,
  delivery: true,
  purpose: true,
  hasReport: true,
  mayDownload: true,
  asksBirthDate: true,
  issuedBy: true,
  issuedAt: true,
  endsAt: true,
  deliveredAt: true,
  lockedAt: true,
  endedAt: true,
  endedWhy: true,
} as const;

type Optional =
  | "proxyId"
  | "parentId"
  | "passedTo"
  | "passedAddress"
  | "contactId"
  | "deliveredAt"
  | "lockedAt"
  | "endedAt";
type Row = Omit<Link, Optional | "recipient" | "delivery" | "endedWhy"> & {
  [K in Optional]: NonNullable<Link[K]> | null;
} & { recipient: string; delivery: string; endedWhy: string | null };

const shape = (row: Row): Link => ({
  ...row,
  recipient: RECIPIENTS.find((kind) => kind === row.recipient) ?? "passed-on",
  delivery: row.delivery === "sent" ? "sent" : "in-person",
  proxyId: row.proxyId ?? undefined,
  parentId: row.parentId ?? undefined,
  passedTo: row.passedTo ?? undefined,
  passedAddress: row.passedAddress ?? undefined,
  contactId: row.contactId ?? undefined,
  deliveredAt: row.deliveredAt ?? undefined,
  lockedAt: row.lockedAt ?? undefined,
  endedAt: row.endedAt ?? undefined,
  endedWhy: ENDINGS.find((why) => why === row.endedWhy),
});

export type NewLink = Omit<
  Link,
  "issuedBy" | "issuedAt" | "deliveredAt" | "lockedAt" | "endedAt" | "endedWhy"
> & { issuedBy: string };

/** @returns Whether it was made: asked twice by one window it is one. */
export async function insertLink(tx: Tx, link: NewLink, items: readonly Item[]): Promise<boolean> {
  const db = databaseOf(tx);
  const { count } = await db.patientLink.createMany({
    data: [{ ...link, issuedAt: tx.now }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await db.linkItem.createMany({
    data: items.map((item) => ({
      linkId: link.id,
      organisation: link.organisation,
      studyId: item.studyId,
      seriesId: item.seriesId ?? null,
      instanceId: item.instanceId ?? null,
      frames: [...item.frames],
    })),
  });
  return true;
}

export async function findLink(tx: Tx, id: string): Promise<Link | undefined> {
  const row = await databaseOf(tx).patientLink.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function findLinks(
  tx: Tx,
  of:
    | { patientId: string; organisation: string }
    | { studyId: string; organisation: string }
    | { parentId: string }
    | { issuedBy: string; organisation: string },
  most: number,
): Promise<Link[]> {
  const { organisation } = { organisation: undefined, ...of };
  const where =
    "studyId" in of
      ? { items: { some: { studyId: of.studyId } }, ...(organisation ? { organisation } : {}) }
      : of;
  const rows = await databaseOf(tx).patientLink.findMany({
    where,
    select: columns,
    orderBy: [{ issuedAt: "desc" }, { id: "desc" }],
    take: most,
  });
  return rows.map(shape);
}

export async function findItems(tx: Tx, linkIds: readonly string[]): Promise<Map<string, Item[]>> {
  const rows = await databaseOf(tx).linkItem.findMany({
    where: { linkId: { in: [...linkIds] } },
    select: { linkId: true, studyId: true, seriesId: true, instanceId: true, frames: true },
    orderBy: { id: "asc" },
  });
  const all = new Map<string, Item[]>(linkIds.map((id) => [id, []]));
  for (const { linkId, seriesId, instanceId, ...row } of rows)
    all.get(linkId)?.push({ ...row, seriesId: seriesId ?? undefined, instanceId: instanceId ?? undefined });
  return all;
}

/** The newest alone opens: whoever holds an older one holds nothing. */
export async function writeToken(tx: Tx, link: Link, hash: string): Promise<void> {
  const db = databaseOf(tx);
  await db.linkToken.updateMany({
    where: { linkId: link.id, endedAt: null },
    data: { endedAt: tx.now },
  });
  await db.linkToken.create({
    data: {
      ...{ hash, linkId: link.id, organisation: link.organisation, patientId: link.patientId },
      mintedAt: tx.now,
    },
    select: { hash: true },
  });
  // Another token is another try: what was locked by wrong codes opens by what its holder gets now.
  await db.patientLink.update({
    where: { id: link.id },
    data: { deliveredAt: tx.now, lockedAt: null },
    select: { id: true },
  });
}

/** The link that a token opens. One that was replaced opens nothing. */
export async function findByToken(tx: Tx, hash: string): Promise<Link | undefined> {
  const row = await databaseOf(tx).linkToken.findFirst({
    where: { hash, endedAt: null },
    select: { link: { select: columns } },
  });
  return row ? shape(row.link) : undefined;
}

/** The same of one that was replaced, too: who asks for a new link may hold an old one. */
export async function findByAnyToken(tx: Tx, hash: string): Promise<Link | undefined> {
  const row = await databaseOf(tx).linkToken.findUnique({
    where: { hash },
    select: { link: { select: columns } },
  });
  return row ? shape(row.link) : undefined;
}

export async function lockLink(tx: Tx, id: string): Promise<boolean> {
  const { count } = await databaseOf(tx).patientLink.updateMany({
    where: { id, lockedAt: null, endedAt: null },
    data: { lockedAt: tx.now },
  });
  return count === 1;
}

type Which =
  | { id: string }
  | { organisation: string; patientId: string }
  | { organisation: string; studyId: string }
  | { organisation: string; issuedBy: string }
  | { proxyId: string }
  | { patientRecordId: string };

const whereOf = (which: Which) =>
  "studyId" in which
    ? { organisation: which.organisation, items: { some: { studyId: which.studyId } } }
    : which;

type Ended = { id: string; patientId: string; issuedBy: string };

async function endRound(tx: Tx, where: object, { by, why }: { by: string; why: Ending }): Promise<Ended[]> {
  const db = databaseOf(tx);
  const found = await db.patientLink.findMany({
    where: { ...where, endedAt: null, endsAt: { gt: tx.now } },
    select: { id: true, patientId: true, issuedBy: true },
  });
  const ids = found.map(({ id }) => id);
  await db.patientLink.updateMany({
    where: { id: { in: ids } },
    data: { endedAt: tx.now, endedBy: by, endedWhy: why },
  });
  return found;
}

/** How deep a link may have been passed on. */
export const MOST_PASSED = 5;

/** Ends links and whatever was passed on of them. From this moment no grant is given. @returns Those that ended now. */
export async function endLinks(tx: Tx, which: Which, ending: { by: string; why: Ending }): Promise<Ended[]> {
  const all = await endRound(tx, whereOf(which), ending);
  let above = all.map(({ id }) => id);
  for (let depth = 0; above.length > 0 && depth <= MOST_PASSED; depth += 1) {
    const below = await endRound(tx, { parentId: { in: above } }, { by: ending.by, why: "parent" });
    all.push(...below);
    above = below.map(({ id }) => id);
  }
  return all;
}
