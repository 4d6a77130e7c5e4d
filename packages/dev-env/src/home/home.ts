import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { checkRoom, isDiskFull } from "./disk.ts";
import { checkVersion } from "./home-version.ts";
import { StartFailed } from "./start-failed.ts";
import { readWhole, writeWhole } from "./whole-file.ts";

export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

const SECRETS = [
  "postgresPassword",
  "appPassword",
  "objectSecret",
  "storageIdSecret",
  "sessionSecret",
] as const;
const Secrets = z.record(z.enum(SECRETS), z.string().min(32));
export type Secrets = z.output<typeof Secrets>;

/** A relative WEALD_HOME is one below the checkout, wherever the command is typed. */
export const homeFrom = (env: NodeJS.ProcessEnv): string => path.resolve(ROOT, env.WEALD_HOME || ".weald");

export const wealdVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")))
    .version;

const notWritable = (home: string) =>
  new StartFailed("HOME_NOT_WRITABLE", `${home} can't be written. Choose another folder with WEALD_HOME.`);

export const dataDirOf = (home: string): string => path.join(home, "postgres");

/** Whether a region was ever begun here. */
export const isHome = (home: string): boolean => existsSync(path.join(home, "secrets.json"));

/** @throws {StartFailed} `DISK_FULL`, `HOME_NOT_WRITABLE`, `HOME_IS_NEWER`, `RESTORE_UNFINISHED` */
export function openHome(home: string): void {
  try {
    mkdirSync(path.join(home, "logs"), { recursive: true, mode: 0o700 });
    writeWhole(path.join(home, "logs/.writable"), {});
  } catch (error) {
    if (!isDiskFull(error)) throw notWritable(home);
  }
  if (existsSync(path.join(home, ".replaced")))
    throw new StartFailed(
      "RESTORE_UNFINISHED",
      `A restore into ${home} was broken off. Run it again: npm run restore -- FOLDER`,
    );
  checkRoom(home);
  checkVersion(home);
}

/** Made at the first start, readable by the owner only. One that an older Weald did not know yet is added. */
export function secretsAt(home: string): Secrets {
  const file = path.join(home, "secrets.json");
  const known = existsSync(file) ? readWhole(file, z.record(z.string(), z.string())) : {};
  const missing = SECRETS.filter((name) => known[name] === undefined);
  const made = {
    ...known,
    ...Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString("hex")])),
  };
  if (missing.length > 0) writeWhole(file, made);
  return Secrets.parse(made);
}
