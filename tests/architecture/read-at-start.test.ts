import path from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";

/** What a bundled function reads before its first event: its own file and what that imports, not what is imported when it is needed. */
async function readAtStart(handler: string): Promise<string[]> {
  const { metafile } = await build({
    ...{ entryPoints: [path.join(ROOT, handler)], outdir: "out", absWorkingDir: ROOT },
    ...{ bundle: true, splitting: true, metafile: true, write: false, logLevel: "silent" },
    ...{ platform: "node", format: "esm", mainFields: ["module", "main"], external: ["pg-native"] },
  });
  const { outputs } = metafile;
  const read = new Set(Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === handler));
  for (const name of read)
    for (const { path: imported, kind } of outputs[name]?.imports ?? [])
      if (kind === "import-statement" && outputs[imported]) read.add(imported);
  return [...read].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
}

/** ADR 0038. */
it("a function reads neither dcmjs nor GOV.UK Notify's client at its start, nor Prisma's larger compiler", async () => {
  const files = await readAtStart("apps/lambdas/src/timers/relay-outbox.ts");
  expect(files.some((file) => file.includes("dictionary-entries.ts"))).toBe(true);
  expect(
    files.filter((file) => /node_modules\/(dcmjs|axios|notifications-node-client|jsonwebtoken)\//.test(file)),
  ).toEqual([]);
  const { inputs } = (
    await build({
      ...{ entryPoints: [path.join(ROOT, "packages/db/src/index.ts")], outdir: "out", absWorkingDir: ROOT },
      ...{ bundle: true, metafile: true, write: false, logLevel: "silent", platform: "node", format: "esm" },
      external: ["pg-native"],
    })
  ).metafile;
  const compilers = Object.keys(inputs).filter((file) => /query_compiler_\w+\.postgresql\.mjs$/.test(file));
  expect(compilers.map((file) => /query_compiler_(\w+?)_/.exec(file)?.[1])).toEqual(["small"]);
});
