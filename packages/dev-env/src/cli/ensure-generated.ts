import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const DB = fileURLToPath(new URL("../../../db/", import.meta.url));

export class ClientNotMade extends Error {
  readonly code = "CLIENT_NOT_MADE";
}

const newestIn = (folder: string) =>
  Math.max(...readdirSync(folder).map((name) => statSync(path.join(folder, name)).mtimeMs));

/** The database client is made from the schema, not committed: a fresh clone makes it before anything imports it. */
export async function ensureGenerated(): Promise<void> {
  const made = path.join(DB, "src/generated");
  const isFresh =
    existsSync(path.join(made, "prisma/client.ts")) &&
    newestIn(path.join(made, "prisma")) >= newestIn(path.join(DB, "prisma/schema"));
  if (isFresh) return;
  console.error("Making the database client …");
  const cli = path.join(DB, "node_modules/prisma/build/index.js");
  const ran = spawnSync(process.execPath, [cli, "generate"], { cwd: DB, encoding: "utf8" });
  if (ran.status !== 0)
    throw new ClientNotMade(
      `The database client could not be made: ${(ran.stderr || ran.stdout).trim().replaceAll(/\s*\n\s*/g, " / ")}`,
    );
}
