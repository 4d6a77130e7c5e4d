import { parseArgs } from "node:util";
import { seedDemonstration } from "../demonstration/index.ts";
import { homeFrom, isDiskFull } from "../home/index.ts";
import { keysAt } from "../identity/index.ts";
import { people, ROLE_NAMES, trustName } from "../people/index.ts";
import type { Size } from "../phantoms/index.ts";
import {
  portsFrom,
  progressOn,
  type RunningRegion,
  type Stopper,
  type StopReason,
  startRegion,
  stopper,
} from "../supervisor/index.ts";

const SECOND_MS = 1000;
const USAGE = `npm start [-- --size small|large] [--empty]
  --size   how much the demonstration holds; chosen once, at the first start (small)
  --empty  no demonstration studies: the trusts and the people alone`;
const EXIT_OF: Record<StopReason, number> = { "by-hand": 0, "disk-full": 1, failed: 1, ended: 1 };
const INTERRUPTED = 130;

function whoCanSignIn(): string {
  const lines = people.map(({ title, given, family, contracts }) => {
    const roles = contracts.map(
      ({ role, organisation }) => `${ROLE_NAMES[role]}, ${trustName(organisation)}`,
    );
    return `  ${`${title} ${given} ${family}`.padEnd(22)} ${roles.join("; ")}`;
  });
  return lines.join("\n");
}

/** Ctrl-C and SIGTERM, from the first moment on. A second one, later than the echo of the first, ends at once. */
function stopWhenTold(running: Stopper): void {
  let toldAt: number | undefined;
  async function stop(): Promise<void> {
    if (toldAt !== undefined) {
      if (Date.now() - toldAt > SECOND_MS) process.exit(INTERRUPTED);
      return;
    }
    toldAt = Date.now();
    console.log("\nStopping …");
    await running.stop("by-hand");
    console.log("Stopped. Everything is kept for the next start.");
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
}

async function startAndSeed(running: Stopper, size: Size, isEmpty: boolean): Promise<RunningRegion> {
  const home = homeFrom(process.env);
  const progress = progressOn(process.stdout);
  const ports = portsFrom(process.env);
  const region = await startRegion({ home, ports, progress, demonstration: !isEmpty, running });
  await seedDemonstration({
    region,
    keys: await keysAt(home),
    progress,
    size: isEmpty ? "none" : size,
    signal: running.signal,
    say: (line) => console.log(line),
  });
  return region;
}

/** A start that was broken off on purpose, or by a disk of which all is said already, ends without another word. */
function brokenOff(running: Stopper, error: unknown): number {
  const reason = running.reason();
  if (reason === "by-hand") return INTERRUPTED;
  if (reason === "disk-full" && !isDiskFull(error)) return EXIT_OF[reason];
  throw error;
}

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { size: { type: "string", default: "small" }, empty: { type: "boolean", default: false } },
  });
  const { size, empty } = values;
  if (size !== "small" && size !== "large") {
    console.error(`--size is small or large, not ${size}.\n${USAGE}`);
    return 2;
  }
  const running = stopper();
  stopWhenTold(running);
  let region: RunningRegion;
  try {
    region = await startAndSeed(running, size, empty);
  } catch (error) {
    await running.stop("failed");
    return brokenOff(running, error);
  }
  console.log(`\nWeald is ready at ${region.portalUrl}\n`);
  console.log(
    `Who can sign in (no passwords; the local identity provider asks who you are):\n${whoCanSignIn()}\n`,
  );
  console.log("Ctrl-C stops it. State is in", region.home);
  const reason = await running.stopped;
  if (reason === "ended")
    console.error(`The portal ended by itself. See portal.log in ${region.home}/logs. [PORTAL_ENDED]`);
  return EXIT_OF[reason];
}
