import path from "node:path";
import { closeQueues, createQueueConsumer } from "@weald/adapters/queue/postgres";
import pg from "pg";
import { readManifest } from "../cloud/index.ts";
import {
  checkVersion,
  dataDirOf,
  homeFrom,
  isHome,
  type Owner,
  ownerOf,
  secretsAt,
  wealdVersion,
} from "../home/index.ts";
import { livingServer, POSTGRES_MAJOR } from "../postgres/index.ts";
import { describeQueues, describeSeals, type LastSeal, lastErrors } from "../status/index.ts";

/** A part that is down refuses at once; one that is busy, or whose functions are bundled for their first event, is given time. */
const ASK_MS = 90_000;

type Part = { name: string; place: string; isUp: boolean };

const answers = (url: string): Promise<boolean> =>
  fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ASK_MS) }).then(
    ({ status }) => status < 500,
    () => false,
  );

async function databaseVersion(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ASK_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    return rows[0]?.server_version;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => {});
  }
}

async function queueLines(url: string): Promise<string[]> {
  const { queues, subscriptions } = readManifest();
  try {
    const depths = await createQueueConsumer(url).depths();
    return describeQueues(
      depths,
      Object.keys(queues),
      subscriptions.map(({ queue }) => queue),
    );
  } catch {
    return ["unknown: the database does not answer"];
  } finally {
    await closeQueues(url);
  }
}

const LAST_SEALS = `SELECT chain, max(sealed_at) AS "sealedAt" FROM audit_seal GROUP BY chain ORDER BY chain`;
const UNSEALED = `SELECT count(*)::int AS n FROM audit_event
  WHERE xid >= (SELECT coalesce(max(xid_to), 0) FROM audit_seal) AND at < now() - interval '15 minutes'`;

async function sealLines(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ASK_MS });
  try {
    await client.connect();
    const { rows: seals } = await client.query<LastSeal>(LAST_SEALS);
    const { rows } = await client.query<{ n: number }>(UNSEALED);
    return describeSeals(seals, rows[0]?.n ?? 0, new Date());
  } catch {
    return ["unknown: the database does not answer"];
  } finally {
    await client.end().catch(() => {});
  }
}

async function partsOf({ basePort }: Owner): Promise<Part[]> {
  const url = (offset: number) => `http://127.0.0.1:${basePort + offset}`;
  const [portal, objects, identity, dicomweb, gateway] = await Promise.all([
    answers(`${url(0)}/sign-in`),
    answers(url(1)),
    answers(`${url(2)}/.well-known/openid-configuration`),
    answers(`${url(4)}/dicomweb/`),
    answers(`${url(7)}/health`),
  ]);
  return [
    { name: "portal", place: url(0), isUp: portal },
    { name: "object store", place: url(1), isUp: objects },
    { name: "identity provider", place: url(2), isUp: identity },
    { name: "DICOMweb", place: `${url(4)}/dicomweb`, isUp: dicomweb },
    { name: "a trust's gateway", place: url(7), isUp: gateway },
  ];
}

/** @returns Whether every part of the running region answers. */
async function showRunning(home: string, owner: Owner): Promise<boolean> {
  const url = `postgresql://postgres:${secretsAt(home).postgresPassword}@127.0.0.1:${owner.basePort + 3}/weald`;
  const version = await databaseVersion(url);
  const place = `127.0.0.1:${owner.basePort + 3}${version ? ` (PostgreSQL ${version})` : ""}`;
  const parts = [...(await partsOf(owner)), { name: "database", place, isUp: version !== undefined }];
  console.log(`Running since ${owner.startedAt}, process ${owner.pid}`);
  for (const { name, place: where, isUp } of parts)
    console.log(`  ${name.padEnd(18)} ${where}  ${isUp ? "answers" : "DOES NOT ANSWER"}`);
  console.log(`Queues:\n${(await queueLines(url)).map((line) => `  ${line}`).join("\n")}`);
  console.log(`Last seals of the audit:\n${(await sealLines(url)).map((line) => `  ${line}`).join("\n")}`);
  const isWhole = parts.every(({ isUp }) => isUp);
  if (!isWhole)
    console.log(
      "A part does not answer. It may be starting; else stop with Ctrl-C and start again: npm start",
    );
  return isWhole;
}

function showStopped(home: string): void {
  console.log(
    isHome(home)
      ? "Not running. Start it with: npm start"
      : "No region was begun here. Start one with: npm start",
  );
  const stray = livingServer(dataDirOf(home));
  if (stray)
    console.log(
      `  A database server was left by a start that was killed (process ${stray}): the next start stops it.`,
    );
}

/** Ports, versions, log folder, queue ages, last errors; also of a region that is stopped. Ends with 1 if a part is ill. */
export async function run(): Promise<number> {
  const home = homeFrom(process.env);
  const logs = path.join(home, "logs");
  console.log(`Weald ${wealdVersion()}, Node ${process.version}, PostgreSQL ${POSTGRES_MAJOR}`);
  console.log(`Home: ${home}\nLogs: ${logs}`);
  checkVersion(home);
  const owner = ownerOf(home);
  const isWhole = owner ? await showRunning(home, owner) : true;
  if (!owner) showStopped(home);
  const errors = lastErrors(logs).map(({ part, line }) => `  ${part}: ${line}`);
  console.log(`Last errors and warnings:\n${errors.join("\n") || "  none"}`);
  return isWhole ? 0 : 1;
}
