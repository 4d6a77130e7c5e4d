import { createServer } from "node:net";
import { PortTaken } from "../region/listen.ts";
import { StartFailed } from "./start-failed.ts";

export type RegionPorts = { portal: number; objects: number; identity: number; database: number };

/** The portal's port from WEALD_PORT, the rest behind it, so that two regions run side by side. */
export function portsFrom(env: NodeJS.ProcessEnv): RegionPorts {
  const portal = Number(env.WEALD_PORT ?? 3000);
  if (!Number.isInteger(portal) || portal < 1024 || portal > 65_500)
    throw new StartFailed(
      "PORT_INVALID",
      `WEALD_PORT must be a port between 1024 and 65500, not "${env.WEALD_PORT}".`,
    );
  return { portal, objects: portal + 1, identity: portal + 2, database: portal + 3 };
}

/** @throws {PortTaken} */
export function checkFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () => reject(new PortTaken(port)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}
