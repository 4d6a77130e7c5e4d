import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { dataDirOf, homeFrom, isHome, StartFailed } from "../home/index.ts";
import { stopPostgres } from "../postgres/index.ts";
import { isSure } from "./ask.ts";
import { mustBeStopped } from "./region-of.ts";

/** WEALD_HOME may be a disk of its own, which can be emptied but not removed. */
function empty(home: string): void {
  for (const name of readdirSync(home)) rmSync(path.join(home, name), { recursive: true, force: true });
  try {
    rmSync(home, { recursive: true });
  } catch {
    // What is left is an empty mount point.
  }
}

/** Deletes this region's state: the next start makes a new one. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { yes: { type: "boolean", default: false } } });
  const home = homeFrom(process.env);
  mustBeStopped(home);
  if (!existsSync(home)) {
    console.log(`There is nothing at ${home}.`);
    return 0;
  }
  if (readdirSync(home).length > 0 && !isHome(home) && !existsSync(path.join(home, "logs")))
    throw new StartFailed(
      "NOT_A_HOME",
      `${home} holds no region: nothing was deleted. Name the right WEALD_HOME.`,
    );
  if (!(await isSure(`Delete everything in ${home}?`, values.yes))) return 1;
  // A server that a killed start left behind must not write into what is being deleted.
  await stopPostgres(dataDirOf(home));
  empty(home);
  console.log(`${home} is deleted.`);
  return 0;
}
