import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { restoreBackup } from "../backup/index.ts";
import { homeFrom, ownerOf, StartFailed } from "../supervisor/index.ts";
import { isSure } from "./ask.ts";

/** `npm run restore -- FOLDER`: the region as it was backed up. Every file is checked before anything is replaced. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { yes: { type: "boolean", default: false } },
  });
  const [folder] = positionals;
  if (!folder) {
    console.error("Say which backup: npm run restore -- FOLDER");
    return 2;
  }
  const home = homeFrom(process.env);
  if (ownerOf(home))
    throw new StartFailed("RUNNING", "Weald runs. Stop it first, with Ctrl-C where it was started.");
  const from = path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
  if (!existsSync(from)) throw new StartFailed("NO_BACKUP", `${from} isn't there.`);
  if (existsSync(home) && !(await isSure(`Replace everything in ${home}?`, values.yes))) return 1;
  console.log("Checking every file …");
  await restoreBackup(from, home);
  console.log(`Restored into ${home}. Start it with: npm start`);
  return 0;
}
