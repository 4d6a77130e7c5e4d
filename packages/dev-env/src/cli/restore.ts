import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { restoreBackup } from "../backup/index.ts";
import { checkVersion, dataDirOf, homeFrom, isHome, StartFailed } from "../home/index.ts";
import { stopPostgres } from "../postgres/index.ts";
import { isSure } from "./ask.ts";
import { mustBeStopped } from "./region-of.ts";

/** `npm run restore -- FOLDER`: the region as it was backed up. Every file is checked before anything is replaced. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { yes: { type: "boolean", default: false } },
  });
  const [folder] = positionals;
  if (!folder) {
    console.error("Say which backup: npm run restore -- FOLDER [--yes]");
    return 2;
  }
  const home = homeFrom(process.env);
  mustBeStopped(home);
  const from = path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
  if (!existsSync(from))
    throw new StartFailed("NO_BACKUP", `${from} isn't there. Name the folder of a backup.`);
  checkVersion(from);
  if (isHome(home) && !(await isSure(`Replace everything in ${home}?`, values.yes))) return 1;
  await stopPostgres(dataDirOf(home));
  console.log("Checking and copying every file …");
  const files = await restoreBackup(from, home);
  console.log(`Restored ${files} files into ${home}. Start it with: npm start`);
  return 0;
}
