import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Bundles, childHost, createBundles, type ProcessHost } from "@weald/dev-env/cloud";
import { startTestCluster } from "@weald/dev-env/postgres";
import { inProcessApi, Region } from "@weald/dev-env/region";
import { bytesSource, type SentFile, type Source, sendSources } from "@weald/dev-env/send";
import { picture } from "@weald/tests/fixtures/picture.ts";
import { median } from "./archive/ask.ts";

type Load = { name: string; side: number; objects: number; senders: number };

const LOADS: readonly Load[] = [
  { name: "CT, 525 KB", side: 512, objects: 160, senders: 1 },
  { name: "CT, 525 KB", side: 512, objects: 400, senders: 8 },
  { name: "small, 20 KB", side: 98, objects: 320, senders: 1 },
  { name: "small, 20 KB", side: 98, objects: 320, senders: 8 },
];
/** The bare store and the region take turns: what else the machine does hits both. */
const ROUNDS = 3;
const SERIES_OF = 100;
const NO_PROGRESS_MS = 60_000;
const ALL_STARTED_MS = 30_000;

const uid = () => `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`;

/** As scanners send: series of a hundred images, each sender's its own study. */
function sourcesOf({ side, objects, senders }: Load): Source[][] {
  const each = Math.round(objects / senders);
  return Array.from({ length: senders }, () => {
    const study = uid();
    let series = uid();
    return Array.from({ length: each }, (_, index) => {
      if (index % SERIES_OF === 0) series = uid();
      const bytes = picture({ study, series, number: index + 1, side });
      return bytesSource(`${index}.dcm`, "dicom", bytes);
    });
  });
}

/** The most memory that a process has had, in MB. Linux tells; elsewhere it is not known. */
function peakMb(pid: number | undefined): number | undefined {
  try {
    const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kb ? Math.round(Number(kb) / 1024) : undefined;
  } catch {
    return undefined;
  }
}

function forgetPeak(pid: number | undefined): void {
  if (pid !== undefined && existsSync(`/proc/${pid}/clear_refs`))
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

const round = (value: number) => Number(value.toFixed(1));

function sendAll(region: Region, sources: readonly Source[][]): Promise<SentFile[][]> {
  return Promise.all(
    sources.map((one) =>
      sendSources(one, { api: inProcessApi(region.gateway("RXC")), timeoutMs: NO_PROGRESS_MS }),
    ),
  );
}

/** When the last PUT that any sender of this process made was answered, as its HTTP client tells it. */
async function lastAnswer(work: () => Promise<unknown>): Promise<number> {
  let last = 0;
  const onAnswer = (said: unknown) => {
    const { request, response } = said as {
      request: { method: string };
      response: { statusCode: number };
    };
    if (request.method === "PUT" && response.statusCode === 200) last = performance.now();
  };
  subscribe("undici:request:headers", onAnswer);
  await work().finally(() => unsubscribe("undici:request:headers", onAnswer));
  return last;
}

/** As many at once as a sender of ours has on the way. */
const AT_ONCE = 6;

/** The same objects put into the object store by signed PUT, and nothing behind it: what the region is measured against. */
async function bareStore(region: Region, sources: readonly Source[][]): Promise<number> {
  const { archive } = region.service.ports;
  const until = new Date(Date.now() + 600_000);
  async function putAll(queue: Source[]): Promise<void> {
    for (let source = queue.shift(); source; source = queue.shift()) {
      const grant = { until, sizeBytes: source.sizeBytes, contentType: "application/dicom" };
      const { url, headers } = await archive.signPut(`bench/${randomUUID()}`, grant);
      const body = (await source.read()) as Uint8Array<ArrayBuffer>;
      const answer = await fetch(url, { method: "PUT", headers, body });
      if (!answer.ok) throw new Error(`the store answered ${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  }
  const began = performance.now();
  const ended = await lastAnswer(() =>
    Promise.all(
      sources.flatMap((one) => {
        const queue = [...one];
        return Array.from({ length: AT_ONCE }, () => putAll(queue));
      }),
    ),
  );
  return (ended - began) / 1000;
}

/** From the first PUT to its last answer, and to the last outcome, in seconds; and the same of the bare store. */
async function measureOnce(region: Region, load: Load) {
  const sources = sourcesOf(load);
  const all = sources.flat();
  const bare = await bareStore(region, sources);
  const began = performance.now();
  let sent: SentFile[] = [];
  const answered = await lastAnswer(async () => {
    sent = (await sendAll(region, sources)).flat();
  });
  const seconds = (performance.now() - began) / 1000;
  const acknowledged = (answered - began) / 1000;
  const accepted = sent.filter(({ outcome }) => outcome === "accepted").length;
  if (accepted !== all.length) throw new Error(`${accepted} of ${all.length} objects were accepted`);
  const megabytes = all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6;
  return { bare, acknowledged, seconds, megabytes };
}

/** Medians of the rounds. */
async function measure(region: Region, load: Load, accepting: () => ProcessHost | undefined) {
  forgetPeak(accepting()?.pid());
  const rounds: Awaited<ReturnType<typeof measureOnce>>[] = [];
  for (let at = 0; at < ROUNDS; at += 1) rounds.push(await measureOnce(region, load));
  const medianOf = (of: keyof (typeof rounds)[number]) => median(rounds.map((one) => one[of]));
  const [bare, acknowledged, seconds, megabytes] = [
    medianOf("bare"),
    medianOf("acknowledged"),
    medianOf("seconds"),
    medianOf("megabytes"),
  ];
  return {
    load: load.name,
    senders: load.senders,
    objects: load.objects,
    megabytes: round(megabytes),
    seconds: round(seconds),
    objectsPerSecond: round(load.objects / seconds),
    megabytesPerSecond: round(megabytes / seconds),
    acknowledgedPerSecond: round(load.objects / acknowledged),
    bareStorePerSecond: round(load.objects / bare),
    acknowledgedOfBareStore: Number((bare / acknowledged).toFixed(2)),
    searchableOfBareStore: Number((bare / seconds).toFixed(2)),
    rounds: rounds.map((one) => ({
      bareStorePerSecond: round(load.objects / one.bare),
      acknowledgedPerSecond: round(load.objects / one.acknowledged),
      objectsPerSecond: round(load.objects / one.seconds),
    })),
    acceptingFunctionPeakMb: peakMb(accepting()?.pid()),
  };
}

async function measureAll(bundles: Bundles) {
  let accepting: ProcessHost | undefined;
  const region = await Region.create({
    fsync: true,
    functions: (environment) => (spec) => {
      const host = childHost(spec, { bundles, environment, onLine: () => {} });
      if (spec.id === "ArrivalsSubscriber") accepting = host;
      return host;
    },
  });
  try {
    await region.cloud.start();
    // The functions are warm before the clock runs: a cold start is no part of a rate. Each timer starts one of its own.
    await sendAll(region, sourcesOf({ name: "warm", side: 96, objects: 1, senders: 1 }));
    await wait(ALL_STARTED_MS);
    const results: Awaited<ReturnType<typeof measure>>[] = [];
    for (const load of LOADS) {
      results.push(await measure(region, load, () => accepting));
    }
    return results;
  } finally {
    await region.stop();
  }
}

/**
 * How fast a region takes images in, on this machine: everything durable, its functions in processes of their own, as
 * `npm start` runs. Senders, object store and database share the machine with it.
 */
export async function ingest() {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-"));
  const cluster = await startTestCluster({ fsync: true });
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  try {
    return await measureAll(createBundles(folder));
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
