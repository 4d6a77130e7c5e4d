import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import {
  type Bundles,
  childHost,
  createBundles,
  type FunctionSpec,
  type ProcessHost,
} from "@weald/dev-env/cloud";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { bytesSource } from "@weald/dev-env/send";
import { mintUid } from "@weald/dicom";
import { picture } from "@weald/tests/fixtures/picture.ts";

const run = promisify(execFile);
const ROUNDS = 3;
const PROCESSES = 3;
/** One processor at so much memory. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_A_PROCESSOR = 1769;
/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;

type Event = { ms: number; processorMs: number };
type Of = { memoryMb: number; loadMs: number; events: Event[] };

/** Of the process and of all that it waited for. @see proc_pid_stat(5) */
function processorMs(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** What it takes a new process to read and run a function's module, without any event. */
async function loadMs(bundles: Bundles, id: string): Promise<number> {
  const file = await bundles.of(id);
  const script = `globalThis.awslambda = { streamifyResponse: (one) => one, HttpResponseStream: {} };
    const from = process.cpuUsage(); await import(${JSON.stringify(file)}); const { user, system } = process.cpuUsage(from);
    process.stdout.write(String((user + system) / 1000)); process.exit(0);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  return Number(stdout);
}

/** Tells of each event what it took; of the first one, the process that was started for it too. */
function watched(host: ProcessHost, events: Event[]): ProcessHost {
  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const [from, before] = [performance.now(), processorMs(host.pid())];
    const answer = await work();
    events.push({ ms: performance.now() - from, processorMs: processorMs(host.pid()) - before });
    return answer;
  }
  return {
    ...host,
    invoke: (event, how) => timed(() => host.invoke(event, how)),
    stream: (event) => host.stream(event),
  };
}

async function measured(bundles: Bundles): Promise<Map<string, Of>> {
  const seen = new Map<string, Of>();
  const specs = new Map<string, FunctionSpec>();
  const region = await Region.create({
    functions: (environment) => (spec) => {
      specs.set(spec.id, spec);
      const of: Of = { memoryMb: spec.memoryMb, loadMs: 0, events: [] };
      seen.set(spec.id, of);
      return watched(childHost(spec, { bundles, environment, onLine: () => {} }), of.events);
    },
  });
  try {
    const token = await region.tokenOf(region.system("RXC", ["studies.read"]));
    const headers = { authorization: `Bearer ${token}`, accept: "application/dicom+json" };
    for (let round = 0; round < ROUNDS; round += 1) {
      const [study, series] = [mintUid(), mintUid()];
      const image = picture({ study, series, number: 1 });
      await region.send("RXC", [bytesSource(`${round}.dcm`, "dicom", image)]);
      await region.drain();
      const answer = await fetch(`${region.dicomwebUrl}/RXC/studies?limit=1`, { headers });
      if (!answer.ok) throw new Error(`a question was answered ${answer.status}`);
      await answer.arrayBuffer();
      for (const timer of ["SettleSeries", "PackSeries", "DrawPictures"]) await region.cloud.tick(timer);
    }
  } finally {
    await region.stop();
  }
  for (const [id, of] of seen) of.loadMs = await loadMs(bundles, id);
  return seen;
}

const median = (values: readonly number[]): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);

/**
 * A function's first event in a new process, and its third: what a cold start adds; the median of three processes. On Lambda a process has a
 * part of a processor by its memory, so the processor's time here is divided by that.
 */
export async function coldStart() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const folder = await mkdtemp(path.join(tmpdir(), "weald-cold-"));
  try {
    const bundles = createBundles(folder);
    await bundles.make();
    const runs: Map<string, Of>[] = [];
    for (let time = 0; time < PROCESSES; time += 1) runs.push(await measured(bundles));
    const asked = [...(runs[0] ?? [])].filter(([, { events }]) => events.length >= ROUNDS);
    return asked.map(([id, { memoryMb }]) => {
      const of = runs.flatMap((run) => run.get(id) ?? []);
      const first = (what: keyof Event) => median(of.map(({ events }) => events[0]?.[what] ?? 0));
      const warm = (what: keyof Event) => median(of.map(({ events }) => events.at(-1)?.[what] ?? 0));
      const share = Math.min(1, memoryMb / MB_A_PROCESSOR);
      return {
        ...{ function: id, memoryMb },
        loadProcessorMs: median(of.map(({ loadMs }) => loadMs)),
        ...{ firstMs: first("ms"), firstProcessorMs: first("processorMs") },
        ...{ warmMs: warm("ms"), warmProcessorMs: warm("processorMs") },
        coldOnLambdaSeconds: Number((first("processorMs") / share / 1000).toFixed(1)),
      };
    });
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
