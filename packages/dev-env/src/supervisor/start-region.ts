import path from "node:path";
import { keysAt } from "../identity/index.ts";
import { environmentOf, type Places } from "../region/index.ts";
import { openDatabase } from "./database.ts";
import { openHome, secretsAt, stampVersion } from "./home.ts";
import { takeLock } from "./lock.ts";
import { logFile } from "./log-file.ts";
import { openCloud, openIdentity, openObjects } from "./parts.ts";
import { startPortal } from "./portal.ts";
import { checkFree, type RegionPorts } from "./ports.ts";
import type { Progress } from "./progress.ts";
import { buildWeb } from "./web-build.ts";

export type RunningRegion = {
  portalUrl: string;
  issuer: string;
  home: string;
  ports: RegionPorts;
  places: Places;
  /** The portal ended by itself, which it never should. */
  portalExited: Promise<number>;
  stop(): Promise<void>;
};

export type StartOptions = {
  home: string;
  ports: RegionPorts;
  progress: Progress;
  demonstration: boolean;
  /** Holds what is to be stopped; whoever made it may stop a start that is still under way. */
  running: Stopper;
};

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** Stops what was started, the last first, each whatever becomes of the others. */
export function stopper() {
  const stops: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | undefined;
  async function stopAll(): Promise<void> {
    for (const stop of stops.reverse()) {
      try {
        await stop();
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
      }
    }
  }
  function stop(): Promise<void> {
    stopping ??= stopAll();
    return stopping;
  }
  let isByHand = false;
  return {
    stop,
    /** What starts after the stop has begun is stopped at once. */
    add(one: () => Promise<void> | void): void {
      if (stopping !== undefined) void stopping.then(one);
      else stops.push(one);
    },
    stopByHand(): Promise<void> {
      isByHand = true;
      return stop();
    },
    isStoppedByHand: () => isByHand,
  };
}

export type Stopper = ReturnType<typeof stopper>;

/**
 * Starts every part of a region from WEALD_HOME, in the order in which they need each other.
 *
 * @throws {StartFailed} with one clear line
 * @throws {PortTaken} `PORT_TAKEN`
 */
export async function startRegion({
  home,
  ports,
  progress,
  demonstration,
  running,
}: StartOptions): Promise<RunningRegion> {
  openHome(home);
  const unlock = takeLock(home, ports.portal);
  running.add(unlock);
  try {
    for (const port of [ports.portal, ports.objects, ports.identity]) await checkFree(port);
    const secrets = secretsAt(home);
    const keys = await keysAt(home);

    const database = await progress.step("Starting the database", (say) =>
      openDatabase({ home, port: ports.database, secrets, say }),
    );
    running.add(() => database.postgres.stop());
    stampVersion(home);
    await progress.step("Building the portal (the first time takes a minute)", async (say) => {
      const outcome = await buildWeb(logFile(home, "web-build"));
      say(outcome === "kept" ? "nothing has changed" : "");
    });

    const places: Places = {
      databaseUrl: database.appUrl,
      queueUrl: database.ownerUrl,
      objectRoot: path.join(home, "objects"),
      objectUrl: urlOf(ports.objects),
      objectSecret: secrets.objectSecret,
      storageIdSecret: secrets.storageIdSecret,
      fsync: true,
    };
    const cloud = openCloud(home, places);
    const parts = await progress.step("Starting object store, identity provider and functions", async () => {
      const objects = await openObjects(home, places, ports, cloud);
      running.add(objects.close);
      const identity = await openIdentity(home, ports, keys);
      running.add(identity.close);
      await cloud.start();
      running.add(cloud.stop);
      return { objects, identity };
    });
    const portal = await progress.step("Starting the portal", () =>
      startPortal({
        port: ports.portal,
        write: logFile(home, "portal"),
        environment: {
          ...environmentOf(places),
          WEALD_PORTAL_URL: urlOf(ports.portal),
          WEALD_ISSUER: parts.identity.url,
          WEALD_PORTAL_PRIVATE_JWK: JSON.stringify(keys.portal),
          WEALD_COOKIE_SUFFIX: String(ports.portal),
          WEALD_DEMONSTRATION: demonstration ? "on" : "off",
          NEXTAUTH_URL: urlOf(ports.portal),
          NEXTAUTH_SECRET: secrets.sessionSecret,
        },
      }),
    );
    running.add(portal.stop);
    return {
      portalUrl: urlOf(ports.portal),
      issuer: parts.identity.url,
      home,
      ports,
      places,
      portalExited: portal.exited,
      stop: running.stop,
    };
  } catch (error) {
    await running.stop();
    throw error;
  }
}
