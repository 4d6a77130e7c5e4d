import { open, statfs } from "node:fs/promises";

/** The disk has less room than the limit: nothing more is taken in until there is. */
export class SpoolFull extends Error {
  readonly code = "SPOOL_FULL";
  constructor() {
    super("The gateway's disk is nearly full.");
  }
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function syncOnce(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

/** Syncs folders; those who ask while one sync runs share the next. */
export function folderSyncs(): (folder: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  return (folder) => {
    const shared = next.get(folder);
    if (shared !== undefined) return shared;
    const before = running.get(folder) ?? Promise.resolve();
    const mine = before
      .catch(() => {})
      .then(() => {
        next.delete(folder);
        running.set(folder, mine);
        return syncOnce(folder);
      })
      .finally(() => {
        if (running.get(folder) === mine) running.delete(folder);
      });
    next.set(folder, mine);
    return mine;
  };
}
