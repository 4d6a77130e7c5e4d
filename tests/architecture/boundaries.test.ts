import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT, runCommand } from "../runner/run-command.ts";

const Report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

async function cruise(cwd: string) {
  const config = path.join(ROOT, ".dependency-cruiser.cjs");
  const ran = await runCommand(
    "depcruise",
    ["apps", "packages", "--config", config, "--output-type", "json"],
    { cwd },
  );
  return Report.parse(JSON.parse(ran.output.slice(ran.output.indexOf("{")))).summary;
}

/** One violation a rule: from a file, an import that must not be. */
const planted: readonly { rule: string; from: string; imports: string }[] = [
  { rule: "domain-order-patient", from: "packages/core/src/patient/a.ts", imports: "../worklist/index.ts" },
  {
    rule: "domains-by-their-front-door",
    from: "packages/core/src/worklist/b.ts",
    imports: "../patient/a.ts",
  },
  {
    rule: "only-stores-see-the-transaction",
    from: "packages/core/src/patient/c.ts",
    imports: "../kernel/tx.ts",
  },
  {
    rule: "kernel-and-ports-know-no-domain",
    from: "packages/core/src/kernel/d.ts",
    imports: "../patient/index.ts",
  },
  {
    rule: "core-from-outside-by-its-front-doors",
    from: "apps/web/src/server/e.ts",
    imports: "../../../../packages/core/src/patient/a.ts",
  },
  {
    rule: "dicom-and-db-stand-alone",
    from: "packages/dicom/src/f.ts",
    imports: "../../core/src/patient/index.ts",
  },
  {
    rule: "only-stores-see-the-database",
    from: "packages/core/src/patient/g.ts",
    imports: "../../../db/src/index.ts",
  },
  {
    rule: "no-database-outside-core-and-composition",
    from: "apps/web/src/server/h.ts",
    imports: "../../../../packages/db/src/index.ts",
  },
  {
    rule: "core-is-pure-of-technology",
    from: "packages/core/src/patient/i.ts",
    imports: "@aws-sdk/client-s3",
  },
  {
    rule: "cornerstone-only-in-the-viewer",
    from: "apps/web/src/features/j.ts",
    imports: "@cornerstonejs/core",
  },
  {
    rule: "dicomweb-client-only-in-peer-viewer-tests",
    from: "apps/web/src/features/k.ts",
    imports: "dicomweb-client",
  },
  {
    rule: "production-never-imports-dev-env",
    from: "apps/lambdas/src/l.ts",
    imports: "../../../packages/dev-env/src/index.ts",
  },
  {
    rule: "packages-never-import-apps",
    from: "packages/adapters/src/m.ts",
    imports: "../../../apps/lambdas/src/l.ts",
  },
  {
    rule: "the-browser-takes-only-types-of-the-server",
    from: "apps/web/src/features/n.ts",
    imports: "../server/e.ts",
  },
  { rule: "hanging-is-pure", from: "packages/core/src/hanging/q.ts", imports: "../patient/index.ts" },
  { rule: "no-cycles", from: "packages/adapters/src/o.ts", imports: "./p.ts" },
];

const also: Record<string, string> = {
  "packages/core/src/worklist/index.ts": "export const w = 1;",
  "packages/core/src/patient/index.ts": "export const p = 1;",
  "packages/core/src/kernel/tx.ts": "export const t = 1;",
  "packages/db/src/index.ts": "export const d = 1;",
  "packages/dev-env/src/index.ts": "export const e = 1;",
  "packages/adapters/src/p.ts": 'import { o } from "./o.ts"; export const p = o;',
};

function plant(): string {
  const root = mkdtempSync(path.join(tmpdir(), "weald-planted-"));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(also)) write(file, text);
  for (const { from, imports } of planted)
    write(from, `import * as wrong from "${imports}"; export const ${path.basename(from, ".ts")} = wrong;`);
  write(
    "tsconfig.base.json",
    JSON.stringify({ compilerOptions: { allowImportingTsExtensions: true, noEmit: true } }),
  );
  return root;
}

describe("who may import whom", () => {
  const root = plant();
  const found = cruise(root);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("holds in the whole tree, and every TypeScript file was really read", async () => {
    const summary = await cruise(ROOT);
    expect(summary.violations.map((one) => `${one.rule.name}: ${one.from} → ${one.to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(150);
  }, 180_000);

  it.each(planted)("catches a planted violation of $rule", async ({ rule, from }) => {
    const { violations } = await found;
    expect(violations.some((one) => one.rule.name === rule && one.from.endsWith(from))).toBe(true);
  });
});
