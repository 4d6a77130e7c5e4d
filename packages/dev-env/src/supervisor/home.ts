import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { StartFailed } from "./start-failed.ts";

export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** What a data directory of this Weald is called. Raised when WEALD_HOME changes its shape; the database has its own. */
const HOME_VERSION = 1;
const NEEDED_BYTES = 500 * 1024 ** 2;

const Secrets = z.object({
  postgresPassword: z.string(),
  appPassword: z.string(),
  objectSecret: z.string(),
  storageIdSecret: z.string(),
  sessionSecret: z.string(),
});
export type Secrets = z.output<typeof Secrets>;
const Version = z.object({ home: z.number(), weald: z.string() });

export const homeFrom = (env: NodeJS.ProcessEnv): string => path.resolve(ROOT, env.WEALD_HOME ?? ".weald");

export const wealdVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")))
    .version;

function writeWhole(file: string, value: unknown): void {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, JSON.stringify(value, null, 2), { mode: 0o600 });
  renameSync(beside, file);
}

/** @throws {StartFailed} `HOME_IS_NEWER` */
export function checkVersion(home: string): void {
  const file = path.join(home, "version.json");
  if (!existsSync(file)) return;
  const found = Version.parse(JSON.parse(readFileSync(file, "utf8")));
  if (found.home > HOME_VERSION)
    throw new StartFailed(
      "HOME_IS_NEWER",
      `${home} was written by a newer Weald (${found.weald}). Start that one, or choose another WEALD_HOME.`,
    );
}

export const stampVersion = (home: string): void =>
  writeWhole(path.join(home, "version.json"), { home: HOME_VERSION, weald: wealdVersion() });

/** @throws {StartFailed} `DISK_FULL`, `HOME_NOT_WRITABLE` */
export function openHome(home: string): void {
  try {
    mkdirSync(path.join(home, "logs"), { recursive: true, mode: 0o700 });
  } catch {
    throw new StartFailed(
      "HOME_NOT_WRITABLE",
      `${home} can't be written. Choose another folder with WEALD_HOME.`,
    );
  }
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < NEEDED_BYTES)
    throw new StartFailed(
      "DISK_FULL",
      `The disk of ${home} has ${Math.floor((bavail * bsize) / 1024 ** 2)} MB left; Weald needs 500 MB. Free some, or move WEALD_HOME.`,
    );
  checkVersion(home);
}

/** Made at the first start, readable by the owner only. */
export function secretsAt(home: string): Secrets {
  const file = path.join(home, "secrets.json");
  if (existsSync(file)) return Secrets.parse(JSON.parse(readFileSync(file, "utf8")));
  const secret = () => randomBytes(32).toString("hex");
  const made = {
    postgresPassword: secret(),
    appPassword: secret(),
    objectSecret: secret(),
    storageIdSecret: secret(),
    sessionSecret: secret(),
  };
  writeWhole(file, made);
  return made;
}
