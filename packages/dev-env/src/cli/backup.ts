import { existsSync } from "node:fs";
import path from "node:path";
import { takeBackup } from "../backup/index.ts";
import { startPostgres } from "../postgres/index.ts";
import { dataDirOf, homeFrom, ownerOf, StartFailed, secretsAt } from "../supervisor/index.ts";

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

/** `npm run backup [-- FOLDER]`: a consistent copy of a region, also while it is in use, with a checksum of each file. */
export async function run([folder]: string[]): Promise<number> {
  const home = homeFrom(process.env);
  if (!existsSync(path.join(home, "secrets.json")))
    throw new StartFailed("NOTHING_TO_BACK_UP", `There is no region at ${home}.`);
  const into = path.resolve(process.env.INIT_CWD ?? process.cwd(), folder ?? `weald-backup-${stamp()}`);
  if (existsSync(into)) throw new StartFailed("BACKUP_EXISTS", `${into} exists. Name another folder.`);
  console.log(`Backing up ${home} into ${into} …`);
  const files = await withDatabase(home, (ownerUrl) => takeBackup({ home, ownerUrl, into }));
  console.log(
    `Done: ${files} files, their checksums in SHA256SUMS. It holds patients' images and this region's keys: keep it safe.`,
  );
  return 0;
}
