import { parseArgs } from "node:util";
import { seedDemonstration } from "../demonstration/index.ts";
import { keysAt } from "../identity/index.ts";
import { people, ROLE_NAMES, trustName } from "../people/index.ts";
import {
  homeFrom,
  portsFrom,
  progressOn,
  type RunningRegion,
  type Stopper,
  startRegion,
  stopper,
} from "../supervisor/index.ts";

const SECOND_MS = 1000;

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
function stopWhenTold(running: Stopper): { told: Promise<void> } {
  let toldAt: number | undefined;
  const told = new Promise<void>((resolve) => {
    async function stop(): Promise<void> {
      if (toldAt !== undefined) {
        if (Date.now() - toldAt > SECOND_MS) process.exit(130);
        return;
      }
      toldAt = Date.now();
      console.log("\nStopping …");
      await running.stopByHand();
      console.log("Stopped. Everything is kept for the next start.");
      resolve();
    }
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
  });
  return { told };
}

async function startAndSeed(
  running: Stopper,
  size: "small" | "large",
  isEmpty: boolean,
): Promise<RunningRegion> {
  const home = homeFrom(process.env);
  const progress = progressOn(process.stdout);
  const ports = portsFrom(process.env);
  const region = await startRegion({ home, ports, progress, demonstration: !isEmpty, running });
  if (!isEmpty) await seedDemonstration({ region, keys: await keysAt(home), progress, size });
  return region;
}

async function untilEnd(region: RunningRegion, running: Stopper, told: Promise<void>): Promise<number> {
  const code = await Promise.race([told.then(() => 0), region.portalExited.then(() => 1)]);
  // The portal's own end is also what a stop makes of it.
  await running.stop();
  if (code === 1 && !running.isStoppedByHand())
    console.error(`The portal ended by itself. See portal.log in ${region.home}/logs.`);
  return running.isStoppedByHand() ? 0 : code;
}

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { size: { type: "string", default: "small" }, empty: { type: "boolean", default: false } },
  });
  const running = stopper();
  const { told } = stopWhenTold(running);
  let region: RunningRegion;
  try {
    region = await startAndSeed(running, values.size === "large" ? "large" : "small", values.empty);
  } catch (error) {
    await running.stop();
    if (running.isStoppedByHand()) return 130;
    throw error;
  }
  console.log(`\nWeald is ready at ${region.portalUrl}\n`);
  console.log(
    `Who can sign in (no passwords; the local identity provider asks who you are):\n${whoCanSignIn()}\n`,
  );
  console.log("Ctrl-C stops it. State is in", region.home);
  return untilEnd(region, running, told);
}
