import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { closeQueues, createQueueConsumer } from "@weald/adapters/queue/postgres";
import pg from "pg";
import { writeSums } from "./manifest.ts";

const SLOT = "weald_backup";
const PAUSE_SECONDS = 60;
const RENEW_EACH_MS = 20_000;
// What PostgreSQL's own tools leave out of a base backup.
const LEFT_OUT = new Set([
  "postmaster.pid",
  "postmaster.opts",
  "pg_wal",
  "pg_replslot",
  "pg_dynshmem",
  "pg_stat_tmp",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_subtrans",
]);
const FILES = ["secrets.json", "identity.json", "version.json", "demonstration.json"];
const EMPTY = [
  "pg_wal/archive_status",
  "pg_replslot",
  "pg_dynshmem",
  "pg_stat_tmp",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_subtrans",
];

export type BackupOptions = {
  home: string;
  /** The owner's connection to a running region's database. */
  ownerUrl: string;
  into: string;
};

type Label = { labelfile: string; spcmapfile: string };

/** A file may vanish between the list and the copy: the log replays what it held. */
function unlessGone(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

function copyTree(from: string, to: string, skip: (relative: string) => boolean, relative = ""): void {
  mkdirSync(path.join(to, relative), { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(path.join(from, relative), { withFileTypes: true })) {
    const next = path.join(relative, entry.name);
    if (skip(next)) continue;
    if (entry.isDirectory()) copyTree(from, to, skip, next);
    else
      unlessGone(() => copyFileSync(path.join(from, next), path.join(to, next), constants.COPYFILE_FICLONE));
  }
}

/**
 * Of immutable objects those that were there before a moment; a copy of its own, so that harm to the one is none to the
 * other. Where the file system can, it takes no room.
 */
function copyObjects(from: string, to: string, before = Number.POSITIVE_INFINITY): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === "tmp") continue;
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) copyObjects(source, target, before);
    else
      unlessGone(
        () => statSync(source).mtimeMs <= before && copyFileSync(source, target, constants.COPYFILE_FICLONE),
      );
  }
}

/** @returns The moment that the copy shows, in milliseconds. */
async function copyDatabase(client: pg.Client, dataDir: string, to: string): Promise<number> {
  // Keeps every piece of the log from here on, until it is copied. It goes with this session, however that ends.
  await client.query("SELECT pg_create_physical_replication_slot($1, true, true)", [SLOT]);
  try {
    await client.query("SELECT pg_backup_start('weald', true)");
    copyTree(dataDir, to, (relative) => LEFT_OUT.has(relative));
    for (const folder of EMPTY) mkdirSync(path.join(to, folder), { recursive: true, mode: 0o700 });
    const { rows } = await client.query<Label>("SELECT labelfile, spcmapfile FROM pg_backup_stop(false)");
    const moment = Date.now();
    writeFileSync(path.join(to, "backup_label"), rows[0]?.labelfile ?? "", { mode: 0o600 });
    // The server makes pieces of the log ahead, under a name that is gone a moment later; those that the slot keeps stay.
    for (const name of readdirSync(path.join(dataDir, "pg_wal"))) {
      const [piece, copy] = [path.join(dataDir, "pg_wal", name), path.join(to, "pg_wal", name)];
      unlessGone(() => statSync(piece).isFile() && copyFileSync(piece, copy));
    }
    chmodSync(to, 0o700);
    return moment;
  } finally {
    await client.query("SELECT pg_drop_replication_slot($1)", [SLOT]);
  }
}

/** Nothing is taken up from the queues while the work lasts; should this process die, it goes on within a minute. */
async function whilePaused(ownerUrl: string, work: () => Promise<void>): Promise<void> {
  const consumer = createQueueConsumer(ownerUrl);
  await consumer.pause(PAUSE_SECONDS);
  const renewal = setInterval(() => void consumer.keepPaused(PAUSE_SECONDS).catch(() => {}), RENEW_EACH_MS);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    await consumer.resume();
  }
}

async function copyInUse(home: string, ownerUrl: string, into: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await whilePaused(ownerUrl, async () => {
      const moment = await copyDatabase(client, path.join(home, "postgres"), path.join(into, "postgres"));
      // What arrived after that moment the copy of the database doesn't know: its sender has it still.
      copyObjects(path.join(home, "objects/inbox"), path.join(into, "objects/inbox"), moment);
    });
  } finally {
    await client.end();
    await closeQueues(ownerUrl);
  }
  copyObjects(path.join(home, "objects/archive"), path.join(into, "objects/archive"));
  for (const file of FILES)
    if (existsSync(path.join(home, file))) copyFileSync(path.join(home, file), path.join(into, file));
}

/**
 * Backs up a region in use. Arrivals go on; what waits in the inbox is not taken up until the database's copy is
 * consistent and the inbox is copied, so that whatever the database still waits for is in the backup. The archive only
 * ever grows, so it is copied last. What fails in the middle leaves no folder that could pass for a backup.
 *
 * @returns How many files the backup has.
 */
export async function takeBackup({ home, ownerUrl, into }: BackupOptions): Promise<number> {
  mkdirSync(into, { recursive: true, mode: 0o700 });
  try {
    await copyInUse(home, ownerUrl, into);
    return await writeSums(into);
  } catch (error) {
    rmSync(into, { recursive: true, force: true });
    throw error;
  }
}
