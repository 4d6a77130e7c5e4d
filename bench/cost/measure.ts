// `npx pnpm exec tsx bench/cost/measure.ts`: what an examination takes, by the region's own handlers on this machine. Kept in measured.json.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as Study from "@weald/core/study";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { bytesSource } from "@weald/dev-env/send";
import { mintUid } from "@weald/dicom";
import { picture } from "@weald/tests/fixtures/picture.ts";
import pg from "pg";
import { machine } from "../machine.ts";
import { type Calls, countedHost, countRequests } from "./count.ts";
import { type MeasuredKind, Plan } from "./types.ts";

/** Enough that pages of the database and a warm function show less than what is measured. */
const LEAST_OBJECTS = 60;
const MOST_IN_ONE_SEND = 100;
/** Timers that work on what came; the rest ask a small table each minute, whatever comes. */
const AFTERWARDS = ["SettleSeries", "DrawPictures", "RelayOutbox"];

type Kind = Plan["kinds"][number];
const at = (name: string) => path.join(import.meta.dirname, name);

async function tablesOf(client: pg.Client): Promise<{ rows: number; bytes: number }> {
  const { rows: tables } = await client.query<{ name: string; bytes: string }>(
    "SELECT relname AS name, pg_total_relation_size(relid) AS bytes FROM pg_stat_user_tables WHERE schemaname = 'public'",
  );
  let rows = 0;
  for (const { name } of tables) {
    const counted = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM "${name}"`);
    rows += counted.rows[0]?.n ?? 0;
  }
  return { rows, bytes: tables.reduce((sum, { bytes }) => sum + Number(bytes), 0) };
}

/** Without what rows that went into blocks leave empty: the next ones take it. */
const compact = (client: pg.Client) => client.query("VACUUM FULL");

/** One examination, sent as a gateway sends it. */
async function sendOne(region: Region, { objects, side }: Kind, localNumber: string) {
  const [study, series] = [mintUid(), mintUid()];
  let bytes = 0;
  for (let from = 1; from <= objects; from += MOST_IN_ONE_SEND) {
    const numbers = Array.from(
      { length: Math.min(MOST_IN_ONE_SEND, objects - from + 1) },
      (_, i) => from + i,
    );
    const sources = numbers.map((number) => {
      const one = picture({ study, series, number, side, localNumber });
      bytes += one.byteLength;
      return bytesSource(`${number}.dcm`, "dicom", one);
    });
    const sent = await region.send("RXC", sources);
    if (sent.some(({ outcome }) => outcome !== "accepted")) throw new Error("an object was not accepted");
  }
  return { study, bytes };
}

/** What the portal does when a study is opened, and how many frames are then read by range. */
async function openOne(region: Region, client: pg.Client, study: string) {
  const { rows } = await client.query<{ id: string }>("SELECT id FROM study WHERE study_instance_uid = $1", [
    study,
  ]);
  const studyId = rows[0]?.id ?? "";
  const began = performance.now();
  await Study.open(region.as("tom.reyes"), { studyId });
  return performance.now() - began;
}

/** One region for all kinds: a process composes its service once. */
type Bench = {
  region: Region;
  client: pg.Client;
  calls: Calls;
  requests: ReturnType<typeof countRequests>;
};

function forget({ calls, requests }: Bench): void {
  for (const call of Object.values(calls)) Object.assign(call, { invocations: 0, ms: 0 });
  Object.assign(requests, { put: 0, get: 0, deleted: 0 });
}

async function sendAll(bench: Bench, kind: Kind, examinations: number) {
  const sent: Awaited<ReturnType<typeof sendOne>>[] = [];
  for (let nth = 0; nth < examinations; nth += 1)
    sent.push(await sendOne(bench.region, kind, `RXC-${kind.side}-${kind.objects}-${nth}`));
  await bench.client.query("UPDATE series SET last_arrived_at = last_arrived_at - interval '5 minutes'");
  for (const timer of AFTERWARDS) await bench.region.cloud.tick(timer);
  await bench.region.drain();
  return sent;
}

/** As three months later: how its objects came out is let go of. */
async function letGo({ client, region }: Bench): Promise<void> {
  await client.query("UPDATE inbox_item SET settled_at = settled_at - interval '91 days'");
  await client.query("UPDATE upload SET created_at = created_at - interval '91 days'");
  await region.cloud.tick("SweepInbox");
  await compact(client);
}

async function measureKind(bench: Bench, kind: Kind): Promise<MeasuredKind> {
  const { region, client, calls, requests } = bench;
  const examinations = Math.max(1, Math.ceil(LEAST_OBJECTS / kind.objects));
  await compact(client);
  forget(bench);
  const before = await tablesOf(client);
  const factsBefore = await factsOf(client);
  const sent = await sendAll(bench, kind, examinations);
  const wrote = { ...requests };
  const after = await tablesOf(client);
  const each = (value: number) => Number((value / examinations).toFixed(3));
  const used = Object.entries(calls).filter(([, { invocations }]) => invocations > 0);
  const functions = used.map(([id, { invocations, ms, memoryMb }]) => [
    id,
    { invocations: each(invocations), ms: each(ms), memoryMb },
  ]);
  const facts = (await factsOf(client)) - factsBefore;
  const openedMs = await openOne(region, client, sent.at(-1)?.study ?? "");
  await region.fold();
  await compact(client);
  const folded = await tablesOf(client);
  await letGo(bench);
  const kept = await tablesOf(client);
  return {
    ...{ name: kind.name, examinations, objects: kind.objects },
    bytes: each(sent.reduce((sum, { bytes }) => sum + bytes, 0)),
    // The sender's own PUT by a signed URL comes to those of the functions.
    requests: { put: each(wrote.put) + kind.objects, get: each(wrote.get), deleted: each(wrote.deleted) },
    functions: Object.fromEntries(functions),
    // One for each object, by its bucket; and one for each fact.
    messages: kind.objects + each(facts),
    rows: each(after.rows - before.rows),
    databaseBytes: each(after.bytes - before.bytes),
    foldedBytes: each(folded.bytes - before.bytes),
    keptBytes: each(kept.bytes - before.bytes),
    opening: {
      ms: Number(openedMs.toFixed(1)),
      frames: kind.objects,
    },
  };
}

async function measureAll(plan: Plan): Promise<MeasuredKind[]> {
  const calls: Calls = {};
  const region = await Region.create({ functions: () => countedHost(calls) });
  const client = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
  await client.connect();
  const bench = { region, client, calls, requests: countRequests(region.service.ports) };
  try {
    // The first ones warm the functions and begin the tables' first pages.
    await sendAll(bench, { name: "warm", share: 0, objects: 20, side: 96 }, 2);
    await letGo(bench);
    const kinds: MeasuredKind[] = [];
    for (const kind of plan.kinds) {
      kinds.push(await measureKind(bench, kind));
      console.error(`${kind.name} is measured`);
    }
    return kinds;
  } finally {
    await client.end();
    await region.stop();
  }
}

async function factsOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>("SELECT count(*)::int AS n FROM outbox");
  return rows[0]?.n ?? 0;
}

const plan = Plan.parse(JSON.parse(readFileSync(at("plan.json"), "utf8")));
const load = machine();
const cluster = await startTestCluster();
process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
const kinds = await measureAll(plan);
await cluster.stop();
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const says =
  "By the handlers that infra/ names, one event after the other in one process, files without fsync, PostgreSQL without fsync. A second here is a second of a whole core: a function of 1,536 MB has 0.87 of one on AWS. Originals only, but for the database: there each series is packed and folded, as it is a day later, and how its objects came out is let go of, as after three months.";
const measured = { at: new Date().toISOString(), commit, machine: load, says, kinds };
writeFileSync(at("measured.json"), `${JSON.stringify(measured, null, 2)}\n`);
// A pool that a region of this process keeps warm holds it open.
process.exit(0);
