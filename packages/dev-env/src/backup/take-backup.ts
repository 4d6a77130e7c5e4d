import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { closeQueues, createQueueConsumer } from "@weald/adapters/queue/postgres";
import pg from "pg";
import { writeSums } from "./manifest.ts";

const SLOT = "weald_backup";
const PAUSE_SECONDS = 300;
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
function copyTree(from: string, to: string, skip: (relative: string) => boolean, relative = ""): void {
  mkdirSync(path.join(to, relative), { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(path.join(from, relative), { withFileTypes: true })) {
    const next = path.join(relative, entry.name);
    if (skip(next)) continue;
    if (entry.isDirectory()) {
      copyTree(from, to, skip, next);
      continue;
    }
    try {
      cpSync(path.join(from, next), path.join(to, next));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
}

/** Blobs and commit records never change: a hard link is a copy, where the disk is the same. */
function linkTree(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === "tmp") continue;
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (!existsSync(target)) linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return;
    cpSync(source, target);
  }
}

async function copyDatabase(client: pg.Client, dataDir: string, to: string): Promise<void> {
  await client.query(
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1",
    [SLOT],
  );
  // Keeps every piece of the log from here on, until it is copied.
  await client.query("SELECT pg_create_physical_replication_slot($1, true)", [SLOT]);
  try {
    await client.query("SELECT pg_backup_start('weald', true)");
    copyTree(dataDir, to, (relative) => LEFT_OUT.has(relative));
    for (const folder of EMPTY) mkdirSync(path.join(to, folder), { recursive: true, mode: 0o700 });
    const { rows } = await client.query<Label>("SELECT labelfile, spcmapfile FROM pg_backup_stop(false)");
    writeFileSync(path.join(to, "backup_label"), rows[0]?.labelfile ?? "", { mode: 0o600 });
    for (const name of readdirSync(path.join(dataDir, "pg_wal")))
      if (statSync(path.join(dataDir, "pg_wal", name)).isFile())
        cpSync(path.join(dataDir, "pg_wal", name), path.join(to, "pg_wal", name));
    chmodSync(to, 0o700);
  } finally {
    await client.query("SELECT pg_drop_replication_slot($1)", [SLOT]);
  }
}

/**
 * Backs up a region in use. Arrivals go on; what waits in the inbox is not taken up until the database's copy is
 * consistent and the inbox is copied, so that whatever the database still waits for is in the backup. The archive only
 * ever grows, so it is copied last.
 *
 * @returns How many files the backup has.
 */
export async function takeBackup({ home, ownerUrl, into }: BackupOptions): Promise<number> {
  mkdirSync(into, { recursive: true, mode: 0o700 });
  const consumer = createQueueConsumer(ownerUrl);
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await consumer.pause(PAUSE_SECONDS);
    await copyDatabase(client, path.join(home, "postgres"), path.join(into, "postgres"));
    linkTree(path.join(home, "objects/inbox"), path.join(into, "objects/inbox"));
  } finally {
    await consumer.resume();
    await client.end();
    await closeQueues(ownerUrl);
  }
  linkTree(path.join(home, "objects/archive"), path.join(into, "objects/archive"));
  for (const file of ["secrets.json", "identity.json", "version.json"])
    cpSync(path.join(home, file), path.join(into, file));
  return writeSums(into);
}
