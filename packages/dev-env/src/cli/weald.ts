// The commands of package.json: each is one file, loaded when it is asked for.
import path from "node:path";
import { ensureGenerated } from "./ensure-generated.ts";
import { sayWhy } from "./say-why.ts";

type Command = (args: string[]) => Promise<number>;

const COMMANDS: Record<string, () => Promise<{ run: Command }>> = {
  start: () => import("./start.ts"),
  status: () => import("./status.ts"),
  reset: () => import("./reset.ts"),
  backup: () => import("./backup.ts"),
  restore: () => import("./restore.ts"),
  send: () => import("./send.ts"),
  import: () => import("./import.ts"),
  retention: () => import("./retention.ts"),
  export: () => import("./export.ts"),
  token: () => import("./token.ts"),
};

// Before the database client is made nothing may be imported that needs it.
const homeOf = () => path.resolve(import.meta.dirname, "../../../..", process.env.WEALD_HOME || ".weald");

// Whoever reads may stop reading (`npm run status | head`): what is to be done is done all the same.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const [name = "", ...args] = process.argv.slice(2);
const load = COMMANDS[name];
if (!load) {
  console.error(`Say what to do: ${Object.keys(COMMANDS).join(", ")}.`);
  process.exit(2);
}
try {
  await ensureGenerated();
  const { run } = await load();
  process.exitCode = await run(args.filter((arg, index) => !(index === 0 && arg === "--")));
} catch (error) {
  const { line, exitCode } = sayWhy(error, homeOf());
  console.error(line);
  process.exitCode = exitCode;
}
