// One peer after the other, each alone on the machine. Written to the file that is named.
import { writeFileSync } from "node:fs";
import { startTestCluster } from "@weald/dev-env/postgres";
import { ingestLines, type Line, queryLines, readingLines } from "./lines.ts";
import { fillOrthanc } from "./many.ts";
import { startOrthanc } from "./orthanc.ts";
import type { Peer } from "./peer.ts";
import { startWeald } from "./weald.ts";

/** How many studies the searches go over; `WEALD_BENCH_STUDIES=1000,100000`. */
const SIZES = (process.env.WEALD_BENCH_STUDIES ?? "1000,100000").split(",").map(Number);
const [, , out = ""] = process.argv;
const lines: Line[] = [];

function say(more: readonly Line[]): void {
  for (const line of more) process.stderr.write(`${JSON.stringify(line)}\n`);
  lines.push(...more);
}

async function measure(peer: Peer, fillTo: (from: number, to: number) => Promise<void>): Promise<void> {
  try {
    say(await ingestLines(peer));
    say(await readingLines(peer));
    let from = 0;
    for (const size of SIZES) {
      await fillTo(from, size);
      say(await queryLines(peer, size));
      from = size;
    }
  } finally {
    await peer.stop();
  }
}

const weald = await startWeald(3900);
await measure(weald, weald.fill);

const sqlite = await startOrthanc({ index: "sqlite", httpPort: 8042, dicomPort: 4242 });
await measure(sqlite, (from, to) => fillOrthanc(sqlite, from, to));

const cluster = await startTestCluster({ fsync: true });
const url = new URL(cluster.adminUrl);
const postgres = await startOrthanc({
  index: {
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    username: url.username,
    password: decodeURIComponent(url.password),
  },
  httpPort: 8043,
  dicomPort: 4243,
});
await measure(postgres, (from, to) => fillOrthanc(postgres, from, to));
await cluster.stop();

writeFileSync(out, JSON.stringify(lines));
process.exit(0);
