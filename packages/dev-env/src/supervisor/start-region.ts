import path from "node:path";
import { localDecoder } from "@weald/lambdas/decoder-build";
import { createBundles } from "../cloud/index.ts";
import {
  dataDirOf,
  isDiskFull,
  migrateHome,
  openHome,
  secretsAt,
  takeLock,
  watchDisk,
  wealdVersion,
} from "../home/index.ts";
import { keysAt } from "../identity/index.ts";
import { stopPostgres } from "../postgres/index.ts";
import { environmentOf, type Places } from "../region/index.ts";
import { openDatabase } from "./database.ts";
import { startGateway } from "./gateway.ts";
import { logFile } from "./log-file.ts";
import { openCloud, openDoors, openIdentity, openObjects } from "./parts.ts";
import { startPortal } from "./portal.ts";
import { checkFree, type RegionPorts } from "./ports.ts";
import type { Progress } from "./progress.ts";
import type { Stopper } from "./stopper.ts";
import { buildWeb } from "./web-build.ts";

export type RunningRegion = {
  portalUrl: string;
  issuer: string;
  home: string;
  ports: RegionPorts;
  places: Places;
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
  running.add(takeLock(home, ports.portal));
  try {
    return await startParts({ home, ports, progress, demonstration, running });
  } catch (error) {
    await running.stop(isDiskFull(error) ? "disk-full" : "failed");
    throw error;
  }
}

async function startParts({
  home,
  ports,
  progress,
  demonstration,
  running,
}: StartOptions): Promise<RunningRegion> {
  const { signal } = running;
  const disk = watchDisk({
    home,
    say: (line) => console.error(`\n${line}`),
    onFull: () => void running.stop("disk-full"),
  });
  running.add(disk.stop);
  await stopPostgres(dataDirOf(home));
  for (const port of Object.values(ports)) await checkFree(port);
  const secrets = secretsAt(home);
  const keys = await keysAt(home);
  const database = await progress.step("Starting the database", (say) =>
    openDatabase({ home, port: ports.database, secrets, say }),
  );
  running.add(() => database.postgres.stop());
  signal.throwIfAborted();
  migrateHome(home, wealdVersion());
  await progress.step("Building the portal (the first time takes a minute)", async (say) => {
    const outcome = await buildWeb(logFile(home, "web-build"), signal);
    say(outcome === "kept" ? "nothing has changed" : "");
  });
  signal.throwIfAborted();
  const bundles = createBundles(path.join(home, "bundles"));
  await progress.step("Bundling the functions", bundles.make);
  signal.throwIfAborted();

  const places: Places = {
    databaseUrl: database.appUrl,
    queueUrl: database.ownerUrl,
    objectRoot: path.join(home, "objects"),
    mailBox: path.join(home, "mail-box"),
    objectUrl: urlOf(ports.objects),
    objectSecret: secrets.objectSecret,
    storageIdSecret: secrets.storageIdSecret,
    fsync: true,
    issuer: urlOf(ports.identity),
    portalUrl: urlOf(ports.portal),
    lambdaUrl: urlOf(ports.functions),
    decoder: await localDecoder(),
  };
  const cloud = openCloud(home, places, bundles);
  const issuer = await progress.step("Starting object store, identity provider and functions", async () => {
    const objects = await openObjects(home, places, ports, cloud, disk.hasRoom);
    running.add(objects.close);
    const identity = await openIdentity(home, ports, keys);
    running.add(identity.close);
    for (const door of await openDoors(ports, cloud)) running.add(door.close);
    await cloud.start();
    running.add(cloud.stop);
    return identity.url;
  });
  signal.throwIfAborted();
  const portal = await progress.step("Starting the portal, and a trust's gateway", async () => {
    const [started, gateway] = await Promise.allSettled([
      startPortal({
        port: ports.portal,
        write: logFile(home, "portal"),
        environment: {
          ...environmentOf(places),
          WEALD_PORTAL_URL: urlOf(ports.portal),
          WEALD_ISSUER: issuer,
          WEALD_PORTAL_PRIVATE_JWK: JSON.stringify(keys.portal),
          WEALD_COOKIE_SUFFIX: String(ports.portal),
          WEALD_DEMONSTRATION: demonstration ? "on" : "off",
          NEXTAUTH_URL: urlOf(ports.portal),
          NEXTAUTH_SECRET: secrets.sessionSecret,
        },
      }),
      startGateway({ home, ports, issuer, keys, write: logFile(home, "gateway") }),
    ]);
    for (const one of [started, gateway]) if (one.status === "fulfilled") running.add(one.value.stop);
    if (gateway.status === "rejected") throw gateway.reason;
    if (started.status === "rejected") throw started.reason;
    return started.value;
  });
  void portal.exited.then(() => running.stop("ended"));
  return { portalUrl: urlOf(ports.portal), issuer, home, ports, places };
}
