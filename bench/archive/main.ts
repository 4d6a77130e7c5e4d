// All archives stand side by side and take turns, line by line and round by round: whatever else the machine does hits them
// alike. Written to the file that is named, after each line.
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { startTestCluster } from "@weald/dev-env/postgres";
import { ask, type Reading, readings, storeRound, stowRound } from "./lines.ts";
import { LOADS } from "./loads.ts";
import { fillOrthanc } from "./many.ts";
import { startOrthanc } from "./orthanc.ts";
import { memoryMb, type Peer, postmasterOf } from "./peer.ts";
import { QUERIES } from "./queries.ts";
import { type Rate, summary } from "./rates.ts";
import { startWeald } from "./weald.ts";

/** How many studies the searches go over; `WEALD_BENCH_STUDIES=1000,100000`. */
const SIZES = (process.env.WEALD_BENCH_STUDIES ?? "1000,100000").split(",").map(Number);
const ROUNDS = Number(process.env.WEALD_BENCH_ROUNDS ?? "3");
const QUERY_ROUNDS = 7;
/** An archive that can't be filled in this time is left out of the searches over so many. */
const FILL_MS = Number(process.env.WEALD_BENCH_FILL_SECONDS ?? "900") * 1000;
const SENDERS = [1, 8];
const [, , out = ""] = process.argv;

type Line = { line: string; load: number; [peer: string]: unknown };
const lines: Line[] = [];

function say(line: string, results: Record<string, unknown>): void {
  const said = { line, load: Number((loadavg()[0] ?? 0).toFixed(1)), ...results };
  process.stderr.write(`${JSON.stringify(said)}\n`);
  lines.push(said);
  writeFileSync(out, JSON.stringify(lines));
}

/** `fill`: how many studies are there then. */
type Filled = Peer & { fill(from: number, to: number): Promise<number> };
const filled = (peer: Peer): Filled => ({
  ...peer,
  fill: (from, to) => fillOrthanc(peer, [from, to], FILL_MS),
});

async function startAll(): Promise<{ peers: Filled[]; stop(): Promise<void> }> {
  const weald = await startWeald(3900);
  const sqlite = filled(await startOrthanc({ index: "sqlite", httpPort: 8042, dicomPort: 4242 }));
  const cluster = await startTestCluster({ fsync: true });
  const { hostname: host, port, pathname, username, password } = new URL(cluster.adminUrl);
  const index = { host, port: Number(port), database: pathname.slice(1), username, password };
  const made = await startOrthanc({ index, httpPort: 8043, dicomPort: 4243 });
  const postgres = filled({ ...made, pids: [...made.pids, await postmasterOf(cluster.adminUrl)] });
  const peers = [weald, sqlite, postgres];
  return {
    peers,
    async stop() {
      for (const peer of peers) await peer.stop();
      await cluster.stop();
    },
  };
}

/** Each archive in turn, another first in each round. */
async function inTurns<T>(
  peers: readonly Filled[],
  rounds: number,
  work: (peer: Filled) => Promise<T>,
): Promise<Map<string, T[]>> {
  const results = new Map<string, T[]>(peers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [index] of peers.entries()) {
      const peer = peers[(index + round) % peers.length];
      if (peer) results.get(peer.name)?.push(await work(peer));
    }
  return results;
}

const each = <T>(results: Map<string, T[]>, shape: (all: T[]) => unknown) =>
  Object.fromEntries([...results].map(([name, all]) => [name, shape(all)]));

const inMs = (all: number[]) => ask.round(ask.median(all));

async function memory(peers: readonly Filled[], when: string): Promise<void> {
  say(`memory ${when}, MB`, Object.fromEntries(peers.map(({ name, pids }) => [name, memoryMb(pids)])));
}

async function ingest(peers: readonly Filled[]): Promise<void> {
  const ways: [string, typeof stowRound][] = [
    ["STOW", stowRound],
    ["C-STORE", storeRound],
  ];
  // Functions, pools and caches are warm before the clock runs: a cold start is no part of a rate.
  for (const peer of peers)
    for (const [, round] of ways) await round(peer, { name: "warm", side: 98, objects: 16 }, 2);
  for (const load of LOADS)
    for (const senders of SENDERS)
      for (const [way, round] of ways) {
        const rates = await inTurns<Rate>(peers, ROUNDS, (peer) => round(peer, load, senders));
        say(`${way} ${load.name}, ${senders} senders`, each(rates, summary));
      }
  await memory(peers, "after ingest");
}

async function reading(peers: readonly Filled[]): Promise<void> {
  const series = new Map<string, Reading>();
  for (const peer of peers) series.set(peer.name, await readings(peer));
  const metadata = await inTurns(peers, 5, async (peer) => (await series.get(peer.name)?.metadataMs()) ?? 0);
  say("metadata of a 500-instance series, ms", each(metadata, inMs));
  const frames = await inTurns(peers, ROUNDS, async (peer) => series.get(peer.name)?.frames());
  say(
    "frames of a 500-instance CT, 8 readers",
    each(frames, (all) => summary(all.flatMap((one) => one ?? []))),
  );
  await memory(peers, "after reading");
}

/** Those that hold so many studies in time. The others are named with how far they came. */
async function fillAll(peers: readonly Filled[], from: number, to: number): Promise<Filled[]> {
  const ends = await Promise.all(
    peers.map(async (peer) => {
      const began = performance.now();
      const studies = await peer.fill(from, to);
      return { peer, studies, seconds: ask.round((performance.now() - began) / 1000) };
    }),
  );
  const told = ends.map(({ peer, studies, seconds }) => [peer.name, { studies, seconds }]);
  say(`filled from ${from} to ${to} studies (Weald by SQL, the others by STOW)`, Object.fromEntries(told));
  return ends.flatMap(({ peer, studies }) => (studies === to ? [peer] : []));
}

async function searching(all: readonly Filled[]): Promise<void> {
  let peers = all;
  let from = 0;
  for (const size of SIZES) {
    peers = await fillAll(peers, from, size);
    for (const [name, path] of Object.entries(QUERIES(size))) {
      const search = async (peer: Filled) => {
        const began = performance.now();
        await ask.get(peer, path, "application/dicom+json");
        return performance.now() - began;
      };
      await inTurns(peers, 2, search);
      const took = await inTurns(peers, QUERY_ROUNDS, search);
      say(`${name}, ${size} studies, ms`, each(took, inMs));
    }
    from = size;
  }
  await memory(all, "after searching");
}

const { peers, stop } = await startAll();
try {
  await ingest(peers);
  await reading(peers);
  await searching(peers);
} finally {
  await stop();
}
process.exit(0);
