import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../postgres/index.ts";
import { dataDirOf, homeFrom, ownerOf, StartFailed, secretsAt } from "../supervisor/index.ts";
import { isSure } from "./ask.ts";

/** A database server that a killed start left behind must not write into what is being deleted. */
async function stopStray(home: string): Promise<void> {
  if (!existsSync(path.join(dataDirOf(home), "postmaster.pid"))) return;
  const postgres = await startPostgres({
    dataDir: dataDirOf(home),
    port: 0,
    password: secretsAt(home).postgresPassword,
    fsync: true,
    logFile: path.join(home, "logs/postgres.log"),
  });
  await postgres.stop();
}

/** Deletes this region's state: the next start makes a new one. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { yes: { type: "boolean", default: false } } });
  const home = homeFrom(process.env);
  if (ownerOf(home))
    throw new StartFailed("RUNNING", "Weald runs. Stop it first, with Ctrl-C where it was started.");
  if (!existsSync(home)) {
    console.log(`There is nothing at ${home}.`);
    return 0;
  }
  if (!(await isSure(`Delete everything in ${home}?`, values.yes))) return 1;
  await stopStray(home);
  rmSync(home, { recursive: true, force: true });
  console.log(`${home} is deleted.`);
  return 0;
}
