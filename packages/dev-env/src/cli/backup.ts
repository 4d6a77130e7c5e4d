import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { takeBackup } from "../backup/index.ts";
import { dataDirOf, homeFrom, isHome, ownerOf, StartFailed, secretsAt } from "../home/index.ts";
import { startPostgres } from "../postgres/index.ts";

const stamp = () => new Date().toISOString().slice(0, 19).replaceAll(":", "");

/** Of a stopped region the database is started for the copy alone. */
async function withDatabase<T>(home: string, work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const password = secretsAt(home).postgresPassword;
  const owner = ownerOf(home);
  if (owner) return work(`postgresql://postgres:${password}@127.0.0.1:${owner.basePort + 3}/weald`);
  const logFile = path.join(home, "logs/postgres.log");
  const postgres = await startPostgres({ dataDir: dataDirOf(home), port: 0, password, fsync: true, logFile });
  try {
    return await work(postgres.connectionString("weald"));
  } finally {
    await postgres.stop();
  }
}

const isWithin = (place: string, folder: string) => `${place}${path.sep}`.startsWith(`${folder}${path.sep}`);

function placeFor(home: string, folder: string | undefined): string {
  const into = path.resolve(process.env.INIT_CWD ?? process.cwd(), folder ?? `weald-backup-${stamp()}`);
  if (existsSync(into)) throw new StartFailed("BACKUP_EXISTS", `${into} exists. Name another folder.`);
  if (isWithin(into, home))
    throw new StartFailed("BACKUP_WITHIN_HOME", `${into} is inside ${home}. Name a folder outside it.`);
  return into;
}

/** `npm run backup [-- FOLDER]`: a consistent copy of a region, also while it is in use, with a checksum of each file. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const home = homeFrom(process.env);
  if (!isHome(home) || !existsSync(dataDirOf(home)))
    throw new StartFailed("NOTHING_TO_BACK_UP", `There is no region at ${home}. Name its WEALD_HOME.`);
  const into = placeFor(home, positionals[0]);
  console.log(`Backing up ${home} into ${into} …`);
  const files = await withDatabase(home, (ownerUrl) => takeBackup({ home, ownerUrl, into }));
  console.log(
    `Done: ${files} files, their checksums in SHA256SUMS. It holds patients' images and this region's keys: keep it safe.`,
  );
  return 0;
}
