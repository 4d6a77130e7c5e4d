import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as Ingest from "@weald/core/ingest";
import type { CrashPoint } from "@weald/core/kernel";
import { childHost, createBundles, FunctionFailed, type ProcessHost } from "@weald/dev-env/cloud";
import { Region } from "@weald/dev-env/region";
import pg from "pg";
import { type GatewayProcess, gatewayProcess } from "./gateway-process.ts";

const ACCEPTS = "ArrivalsSubscriber";
const LOOK_MS = 10;
const SETTLES_WITHIN_MS = 100_000;

export type CrashRegion = {
  region: Region;
  database: pg.Client;
  gateway: GatewayProcess;
  /** The next time that a process comes to this point, it dies there, once. */
  arm(point: CrashPoint, atTime: number): Promise<void>;
  /** Kills the process that accepts objects, or the object store's, at whatever it is doing. */
  kill(victim: "function" | "gateway"): Promise<void>;
  deaths(): number;
  /** The region works off what it has; what nobody told of is driven by the sweep. */
  settle(itemIds: readonly string[]): Promise<void>;
  stop(): Promise<void>;
};

export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + SETTLES_WITHIN_MS; !(await isSo()); await wait(LOOK_MS))
    if (Date.now() > end) throw new Error(`not within ${SETTLES_WITHIN_MS / 1000} s: ${what}`);
}

type Told = Record<string, string>;

/**
 * A region whose functions and object gateway are processes of their own, running as in `npm start`.
 *
 * @param told - what its functions are told in place of what the region tells: of a line between them and the database
 */
export async function crashRegion(told: (environment: Told) => Told = (same) => same): Promise<CrashRegion> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-crash-"));
  const bundles = createBundles(folder);
  const armed: Record<string, string> = {};
  let accepting: ProcessHost | undefined;
  let functionDeaths = 0;

  const region = await Region.create({
    functions: (own) => {
      const environment = told(own);
      Object.assign(armed, environment);
      return (spec) => {
        const isVictim = spec.id === ACCEPTS;
        const host = childHost(spec, {
          bundles,
          environment: isVictim ? armed : environment,
          onLine: () => {},
        });
        if (!isVictim) return host;
        accepting = host;
        return {
          ...host,
          invoke: (event) =>
            host.invoke(event).catch((error: unknown) => {
              if (error instanceof FunctionFailed && error.code === "DIED") {
                functionDeaths += 1;
                delete armed.WEALD_CRASH_AT;
              }
              throw error;
            }),
        };
      };
    },
  });
  const gatewayEnvironment = { ...region.environment };
  let gateway = await gatewayProcess(gatewayEnvironment);
  const database = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
  await database.connect();
  await region.cloud.start();

  async function killProcess(victim: "function" | "gateway"): Promise<void> {
    const of = victim === "function" ? () => accepting?.pid() : gateway.pid;
    await until(`the ${victim} runs`, () => of() !== undefined);
    const pid = of();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await until(`the ${victim} is gone`, () => of() !== pid);
  }

  return {
    region,
    database,
    get gateway() {
      return gateway;
    },
    async arm(point, atTime) {
      const crash = { WEALD_CRASH_AT: point, WEALD_CRASH_AFTER: String(atTime) };
      if (point === "after-inbox-put") {
        await gateway.stop();
        gateway = await gatewayProcess(Object.assign(gatewayEnvironment, crash));
        return;
      }
      const before = accepting?.pid();
      Object.assign(armed, crash);
      // Its next process is the armed one.
      if (before !== undefined) await killProcess("function");
    },
    kill: killProcess,
    deaths: () => functionDeaths + gateway.deaths(),
    settle: (itemIds) => settle({ region, database }, itemIds),
    async stop() {
      await database.end();
      await gateway.stop();
      await region.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openOf(database: pg.Client, itemIds: readonly string[]): Promise<number> {
  const { rows } = await database.query<{ open: number }>(
    "SELECT count(*)::int AS open FROM inbox_item WHERE id = ANY ($1::uuid[]) AND outcome IS NULL",
    [itemIds],
  );
  return rows[0]?.open ?? 0;
}

/** What was told of comes by itself; then whatever is left is driven as the five-minute sweep would. */
export async function settle(
  { region, database }: Pick<CrashRegion, "region" | "database">,
  itemIds: readonly string[],
): Promise<void> {
  const system = region.ctxOf({ kind: "system", id: "crash-test" });
  await workedOff(database);
  while ((await openOf(database, itemIds)) > 0) {
    await Ingest.sweepInbox(system, { olderThanSeconds: 0 });
    await workedOff(database);
  }
  await Ingest.sweepInbox(system, { olderThanSeconds: 0 });
}

async function depthOf(database: pg.Client, queue: string): Promise<number> {
  const { rows } = await database.query<{ depth: number }>(
    "SELECT count(*)::int AS depth FROM cloud.message WHERE queue = $1",
    [queue],
  );
  return rows[0]?.depth ?? 0;
}

/** Nothing waits in the queue of arrivals any more. Fails when nothing moves in it for a minute. */
export async function workedOff(database: pg.Client): Promise<void> {
  for (let depth = await depthOf(database, "Arrivals"); depth > 0; ) {
    const before = depth;
    await until("a message is worked off", async () => {
      depth = await depthOf(database, "Arrivals");
      return depth !== before;
    });
  }
}
