import { homeFrom, ownerOf, StartFailed } from "../home/index.ts";
import { keysAt } from "../identity/index.ts";

/** The region that runs from this WEALD_HOME, as an outside program finds it. */
export async function runningRegion() {
  const home = homeFrom(process.env);
  const owner = ownerOf(home);
  if (!owner)
    throw new StartFailed(
      "NOT_RUNNING",
      `Weald isn't running from ${home}. Start it with: npm start (or name its WEALD_HOME)`,
    );
  const portalUrl = `http://127.0.0.1:${owner.basePort}`;
  const issuer = `http://127.0.0.1:${owner.basePort + 2}`;
  return { home, portalUrl, issuer, keys: await keysAt(home) };
}

/** @throws {StartFailed} `RUNNING` */
export function mustBeStopped(home: string): void {
  if (ownerOf(home))
    throw new StartFailed("RUNNING", "Weald runs. Stop it first, with Ctrl-C where it was started.");
}
