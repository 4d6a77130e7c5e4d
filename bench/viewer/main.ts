// Weald and OHIF take turns, run by run: whatever else the machine does hits them alike. Written to the file that is named,
// after each line.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import startRegion from "../../tests/e2e/start-region.ts";
import * as ask from "../archive/ask.ts";
import { startOrthanc } from "../archive/orthanc.ts";
import type { Peer } from "../archive/peer.ts";
import { goalsOf } from "./goals.ts";
import type { Line } from "./line.ts";
import { measure, type Product } from "./measure.ts";
import { serveOhif } from "./ohif.ts";
import { ohifProduct, wealdProduct } from "./products.ts";
import { bringStudies, CASES, type Case, LOOPBACK, SLOW, studiesOf } from "./studies.ts";

/** Other than each case states. */
const RUNS = process.env.WEALD_BENCH_RUNS ? Number(process.env.WEALD_BENCH_RUNS) : undefined;
/** Part of `case; line`: only those. */
const ONLY = process.env.WEALD_BENCH_ONLY ?? "";
const LINES: Record<string, Line | undefined> = {
  [LOOPBACK]: undefined,
  [SLOW]: { bytesASecond: 2_500_000, roundTripMs: 30 },
};
/** What a browser with Weald's viewer may take, all its processes together, a CT of 1,000 slices loaded (docs/viewer.md). */
const CEILING_MB = 2500;
const lineNames = Object.keys(LINES);
const isAsked = ({ name, runs }: Case, line: string) =>
  runs[line] !== undefined && `${name}; ${line}`.includes(ONLY);
const ORTHANC = { index: "sqlite", httpPort: 8042, dicomPort: 4242, more: { KeepAlive: true } } as const;
const [, , out = ""] = process.argv;

type Said = Record<string, unknown>;
const lines: Said[] = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : [];

function say(said: Said): void {
  process.stderr.write(`${JSON.stringify(said)}\n`);
  lines.push(said);
  writeFileSync(out, JSON.stringify(lines));
}

/** The median of each figure, and under `runs` all of them. */
function medians(runs: readonly Record<string, number | undefined>[]): Said {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run)))];
  const values = (name: string) => runs.flatMap((run) => run[name] ?? []);
  return {
    ...Object.fromEntries(names.map((name) => [name, ask.round(ask.median(values(name)))])),
    runs: runs.map((run) =>
      Object.fromEntries(Object.entries(run).map(([name, value]) => [name, ask.round(value ?? Number.NaN)])),
    ),
  };
}

async function measureCase(products: readonly Product[], one: Case, lineName: string): Promise<void> {
  const { all, whole } = one.runs[lineName] ?? { all: 0, whole: 0 };
  const task = { cold: one.cold, warm: one.warm, slices: one.slices, line: LINES[lineName] };
  const runs = new Map<string, Record<string, number | undefined>[]>(products.map(({ name }) => [name, []]));
  for (let run = 0; run < (RUNS ?? all); run += 1)
    for (const [index] of products.entries()) {
      const product = products[(index + run) % products.length];
      if (!product) continue;
      const measured = await measure(product, { ...task, isWhole: run < whole });
      process.stderr.write(`  ${product.name} ${JSON.stringify(measured)}\n`);
      runs.get(product.name)?.push(measured);
    }
  const memory = (runs.get("Weald") ?? []).flatMap(({ browserMb }) => browserMb ?? []);
  const figures = new Map([...runs].map(([name, of]) => [name, medians(of)]));
  say({
    ...(memory.length > 0
      ? { ceilingMb: CEILING_MB, isUnderCeiling: Math.max(...memory) <= CEILING_MB }
      : {}),
    case: one.name,
    line: lineName,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    goals: goalsOf(lineName, figures.get("Weald"), figures.get("OHIF on Orthanc")),
    ...Object.fromEntries(figures),
  });
}

/** While the bench is written one that runs already may be given, as a region may. */
const peerOf = async (url: string | undefined): Promise<Peer> =>
  url === undefined
    ? startOrthanc(ORTHANC)
    : {
        ...{ name: "Orthanc", dicomweb: `${url}/dicom-web`, headers: {}, pids: [] },
        dimse: { aeTitle: "ORTHANC", port: ORTHANC.dicomPort },
        async settled() {},
        async stop() {},
      };

const stopRegion = await startRegion();
const orthanc = await peerOf(process.env.WEALD_BENCH_ORTHANC);
const site = await serveOhif(8043, `http://127.0.0.1:${ORTHANC.httpPort}`);
try {
  const weald = await wealdProduct(Number(process.env.WEALD_E2E_PORT));
  const asked = CASES.filter((one) => lineNames.some((line) => isAsked(one, line)));
  await bringStudies(orthanc, asked, weald.holds);
  await weald.look(asked.flatMap(studiesOf));
  const products = [weald, ohifProduct(site.url)];
  for (const one of asked)
    for (const line of lineNames) if (isAsked(one, line)) await measureCase(products, one, line);
} finally {
  await site.stop();
  await orthanc.stop();
  await stopRegion();
}
process.exit(0);
