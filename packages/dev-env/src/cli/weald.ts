// The commands of package.json: each is one file, loaded when it is asked for.
import { ensureGenerated } from "./ensure-generated.ts";

type Command = (args: string[]) => Promise<number>;

const COMMANDS: Record<string, () => Promise<{ run: Command }>> = {
  start: () => import("./start.ts"),
  status: () => import("./status.ts"),
  reset: () => import("./reset.ts"),
  backup: () => import("./backup.ts"),
  restore: () => import("./restore.ts"),
  send: () => import("./send.ts"),
  token: () => import("./token.ts"),
};

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
  // What we know has a code and one clear line; anything else shows where it came from.
  const isKnown = error instanceof Error && "code" in error && typeof error.code === "string";
  console.error(isKnown ? `${error.message} [${error.code}]` : error);
  process.exitCode = 1;
}
