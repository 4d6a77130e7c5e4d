import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { type Bookmark, BookmarkPlace } from "./bookmark.ts";

type Held = { id: string; custodian: string; servedVersion: number };

/** @param place - nothing: the reader stood at the start again */
export async function writeBookmark(tx: Tx, study: Held, place: BookmarkPlace | undefined): Promise<void> {
  const said = { servedVersion: study.servedVersion, place: place ?? Prisma.DbNull, keptAt: tx.now };
  const own = { personId: tx.actor.id, studyId: study.id };
  await databaseOf(tx).bookmark.upsert({
    where: { personId_studyId: own },
    create: { ...own, custodian: study.custodian, ...said },
    update: said,
    select: { personId: true },
  });
}

/** This reader's own, of what is served now; what an older version wrote and this one doesn't read is as if absent. */
export async function findBookmark(tx: Tx, study: Held): Promise<Bookmark | undefined> {
  const row = await databaseOf(tx).bookmark.findUnique({
    where: { personId_studyId: { personId: tx.actor.id, studyId: study.id } },
    select: { place: true, servedVersion: true, keptAt: true },
  });
  if (row?.servedVersion !== study.servedVersion) return undefined;
  const read = BookmarkPlace.safeParse(row.place);
  return read.success ? { place: read.data, keptAt: row.keptAt.toISOString() } : undefined;
}
