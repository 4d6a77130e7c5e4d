import { writeFileSync } from "node:fs";
import { evaluateStack } from "./evaluate.ts";

// In a process of its own: Pulumi's runtime keeps global state and can be set up once.
const [root = "", stage = "", out = "", handlers = ""] = process.argv.slice(2);
const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
};
process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);
writeFileSync(
  out,
  JSON.stringify(await evaluateStack(root, stage, handlers === "bundled" ? "bundled" : "named")),
);
process.exit(0);
