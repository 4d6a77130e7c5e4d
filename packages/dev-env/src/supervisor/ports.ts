import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { StartFailed } from "../home/index.ts";
import { PortTaken } from "../region/listen.ts";

export type RegionPorts = {
  portal: number;
  objects: number;
  identity: number;
  database: number;
  dicomweb: number;
  dimse: number;
  mllp: number;
  gateway: number;
  functions: number;
};

/** The portal's port from WEALD_PORT, the rest behind it, so that two regions run side by side. */
export function portsFrom(env: NodeJS.ProcessEnv): RegionPorts {
  const asked = env.WEALD_PORT || "3000";
  const portal = /^\d{1,5}$/.test(asked) ? Number(asked) : 0;
  if (portal < 1024 || portal > 65_500)
    throw new StartFailed(
      "PORT_INVALID",
      `WEALD_PORT must be a port between 1024 and 65500, not "${env.WEALD_PORT}".`,
    );
  return {
    portal,
    objects: portal + 1,
    identity: portal + 2,
    database: portal + 3,
    dicomweb: portal + 4,
    dimse: portal + 5,
    mllp: portal + 6,
    gateway: portal + 7,
    functions: portal + 8,
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

const LEAVE_WITHIN_MS = 3000;

/**
 * The parts of a region that was killed a moment ago are just leaving: they get a little time.
 *
 * @throws {PortTaken} `PORT_TAKEN`
 */
export async function checkFree(port: number, withinMs = LEAVE_WITHIN_MS): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await isFree(port))) {
    if (Date.now() > end) throw new PortTaken(port);
    await wait(100);
  }
}
