// Originals, packs and OHIF take turns, run by run. Written to the file that is named, at the end.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import { EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { datasetOf, rowan } from "@weald/tests/integration/sent.ts";
import { browserOptions } from "../../tests/e2e/browser.ts";
import { base, send, signIn } from "../../tests/e2e/portal.ts";
import { inRegionDatabase } from "../../tests/e2e/region-database.ts";
import startRegion from "../../tests/e2e/start-region.ts";
import { median, round, stow } from "../archive/ask.ts";
import { startOrthanc } from "../archive/orthanc.ts";
import { ctLike } from "../packing.ts";
import { MG_COLUMNS, MG_ROWS, mgLike, sized } from "../packs-line.ts";
import { REAL, seriesIn } from "../packs-real.ts";
import { type Line, layLine } from "./line.ts";
import { serveOhif } from "./ohif.ts";
import { ohifProduct, timeOf } from "./products.ts";
import { type Seen, type Watched, watch } from "./watch.ts";

const LINE: Line = { bytesASecond: 2_500_000, roundTripMs: 30 };
const RUNS = Number(process.env.WEALD_BENCH_RUNS ?? 3);
/** Part of a case's name: only those. */
const ONLY = process.env.WEALD_BENCH_ONLY ?? "";
const SLICES = 300;
/** So many different images are enough: each is fetched and decoded by itself. */
const IMAGES = 10;
const LONGEST_MS = 300_000;
/** Nothing more has come for so long: all is here. */
const STILL_MS = 4000;
/** As long as a person takes to find the row. */
const FINDS_MS = 2000;
const WINDOW = { viewport: { width: 1280, height: 720 }, locale: "en-GB" } as const;
const [, , out = ""] = process.argv;

type Kind = "CT" | "MG";
/** One series. `from`: which of the different images comes first, so that no two series of a study begin alike. */
type Made = {
  name: string;
  kind: Kind;
  slices: number;
  time: string;
  studyUid: string;
  seriesUid: string;
  seriesNumber: number;
  from: number;
};
const made = (name: string, kind: Kind, slices: number, time: string): Made => ({
  ...{ name: `Bench ${name}`, kind, slices, time, seriesNumber: 1, from: 0 },
  ...{ studyUid: mintUid(), seriesUid: mintUid() },
});
/** What is opened before, so that the viewer's code and its engine are there. */
const WARM = made("warm", "CT", 3, "200500");
const ORIGINALS = {
  CT: made("CT original", "CT", SLICES, "201500"),
  MG: made("MG original", "MG", 1, "202500"),
};
/** Three series of one study: the first hangs when it opens, and a key puts one of the others in its place. */
const SWAPPED = made("series", "CT", 3, "205500");
const SWAPS = {
  original: { ...SWAPPED, slices: SLICES, seriesUid: mintUid(), seriesNumber: 2, from: 3 },
  pack: { ...SWAPPED, slices: SLICES, seriesUid: mintUid(), seriesNumber: 3, from: 6 },
};
const PACKS = { CT: made("CT packed", "CT", SLICES, "203500"), MG: made("MG packed", "MG", 1, "204500") };

const REAL_SERIES = made("CT of a scanner", "CT", SLICES, "210500");
const MADE = [WARM, ...Object.values(ORIGINALS), ...Object.values(PACKS), SWAPPED, ...Object.values(SWAPS)];

const text = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const LOOK = {
  CT: { ...sized(512, 512, 16, true), "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.2") },
  MG: {
    ...{ ...sized(MG_ROWS, MG_COLUMNS, 12, false), "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.1.2") },
    // Right, cranio-caudal: so that it has a place.
    ...{ "00200062": text("CS", "R"), "00200020": text("CS", "P", "L") },
    "00540220": {
      vr: "SQ",
      Value: [
        {
          "00080100": text("SH", "399162004"),
          "00080102": text("SH", "SCT"),
          "00080104": text("LO", "cranio-caudal"),
        },
      ],
    },
  },
};
const WINDOWS = { CT: [40, 400], MG: [1200, 1600] } as const;

function filesOf({ name, kind, slices, studyUid, seriesUid, seriesNumber, from, time }: Made): Uint8Array[] {
  const images = kind === "CT" ? Array.from({ length: IMAGES }, (_, at) => ctLike(at)) : [mgLike()];
  return Array.from({ length: slices }, (_, at) =>
    writePart10({
      dataset: {
        ...datasetOf({
          ...{ study: studyUid, series: seriesUid, modality: kind, number: at + 1, description: name, time },
          ...{ of: rowan({ localNumber: "BENCH-PACKS", family: "Bench", nhs: "" }), more: LOOK[kind] },
        }),
        // So that it hangs in one viewport, as it does in OHIF.
        "00180015": text("CS", kind === "CT" ? "ABDOMEN" : "BREAST"),
        "00200011": text("IS", seriesNumber),
        "00281050": text("DS", WINDOWS[kind][0]),
        "00281051": text("DS", WINDOWS[kind][1]),
      },
      pixelData: images[(from + at) % images.length] ?? new Uint8Array(),
      transferSyntaxUid: EXPLICIT_LITTLE,
    }),
  );
}

/** Two series of one scanner, which pack to 0.31 of their pixels: the middle of the five real ones that we have. */
const REAL_CT = "regional/ct-multi";

/** As many slices as the made ones have, of a real scanner's images in turn; none where ../shared/dicom isn't. */
async function realFilesOf({ name, slices, studyUid, seriesUid, time }: Made): Promise<Uint8Array[]> {
  if (!existsSync(path.join(REAL, REAL_CT))) return [];
  const images = (await seriesIn(REAL_CT)).flatMap((series) => series.images);
  return Array.from({ length: slices }, (_, at) => {
    const image = images[at % images.length];
    const [frame] = image?.read.pixelData?.frames ?? [];
    if (!image || !frame) throw new Error("a real image has no frame");
    const said = { of: rowan({ localNumber: "BENCH-PACKS", family: "Bench", nhs: "" }), modality: "CT" };
    const made = datasetOf({
      ...said,
      study: studyUid,
      series: seriesUid,
      number: at + 1,
      description: name,
      time,
    });
    return writePart10({
      dataset: {
        ...made,
        ...Object.fromEntries(
          Object.entries(image.read.dataset).filter(([tag]) => IS_OF_THE_IMAGE.test(tag)),
        ),
        "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.2"),
        "00180015": text("CS", "ABDOMEN"),
        "00200032": text("DS", 0, 0, at),
      },
      pixelData: image.bytes.subarray(frame.offset, frame.offset + frame.length),
      transferSyntaxUid: EXPLICIT_LITTLE,
    });
  });
}
/** How its pixels are stored and shown, and where they lie in the patient. */
const IS_OF_THE_IMAGE = /^0028|^00200037$/;

async function bring(one: Made, files: readonly Uint8Array[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-packs-"));
  try {
    for (const [at, bytes] of files.entries()) writeFileSync(path.join(folder, `${at}.dcm`), bytes);
    const { code } = await send("RXC", [folder]);
    if (code !== 0) throw new Error(`${one.name} was not taken`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PACKED = `SELECT count(*)::int AS count FROM packed_instance p JOIN instance i ON i.id = p.instance_id
  JOIN series e ON e.id = i.series_id WHERE e.series_instance_uid = ANY($1)`;

/** Until the minute's timer has packed all; then the originals' packs are forgotten, as if they had not been made yet. */
async function packAll(all: readonly Made[]): Promise<void> {
  const wanted = all.reduce((sum, { slices }) => sum + slices, 0);
  for (let count = -1; count < wanted; await wait(3000)) {
    const { rows } = await inRegionDatabase<{ count: number }>(PACKED, [all.map((one) => one.seriesUid)]);
    count = rows[0]?.count ?? 0;
    process.stderr.write(`  ${count} of ${wanted} packed\n`);
  }
  await inRegionDatabase(
    `DELETE FROM packed_instance p USING instance i, series e WHERE i.id = p.instance_id AND e.id = i.series_id
      AND e.series_instance_uid = ANY($1)`,
    [[...Object.values(ORIGINALS), SWAPS.original].map(({ seriesUid }) => seriesUid)],
  );
}

type Scope = { benchSeen: Seen; benchAnew(of: string): void; benchSwap(): void };
const seenOn = (page: Page) => page.evaluate(() => (globalThis as unknown as Scope).benchSeen);

type Viewer = {
  watched: Watched;
  ports: readonly number[];
  enter(browser: Browser): Promise<Page>;
  /** In the list, up to the click that opens a study from it. */
  find(page: Page, one: Made): Promise<() => Promise<void>>;
  back(page: Page): Promise<void>;
  loadRest(page: Page): Promise<void>;
};

async function weald(port: number): Promise<Viewer> {
  const browser = await chromium.launch(await browserOptions());
  const context = await browser.newContext(WINDOW);
  await signIn(await context.newPage(), "Dr Rohan Patel");
  const storageState = await context.storageState();
  await browser.close();
  return {
    watched: {
      canvas: "[data-testid=reduced] canvas, [data-testid=viewport] canvas",
      full: "[data-testid=viewport][data-state=ready]",
      frames: "/instances/[^/]+/[0-9a-f]+$|/packs/[^/]+/frames",
    },
    ports: [port, port + 1, port + 2],
    async enter(fresh) {
      return (await fresh.newContext({ ...WINDOW, storageState })).newPage();
    },
    async find(page, { name }) {
      if (page.url() !== `${base()}/worklist`) await page.goto(`${base()}/worklist`);
      const link = page.getByRole("row").filter({ hasText: name }).getByRole("link").first();
      await link.waitFor();
      return () => link.click();
    },
    async back(page) {
      await page.keyboard.press("Escape");
      await page.waitForURL(`${base()}/worklist`);
    },
    loadRest: async () => {},
  };
}

function ohif(url: string): Viewer {
  return {
    ...ohifProduct(url),
    async find(page, one) {
      if (page.url().includes("/viewer") || !page.url().startsWith(url)) await page.goto(`${url}/`);
      const row = page
        .getByRole("row")
        .filter({ hasText: timeOf(one) })
        .first();
      await row.waitFor();
      await row.click();
      const open = page.getByRole("button", { name: "Basic Viewer" });
      await open.waitFor();
      return () => open.click();
    },
    async back(page) {
      await page.getByTestId("return-to-work-list").or(page.locator("[data-cy=return-to-work-list]")).click();
      await page.waitForURL((address) => !address.pathname.startsWith("/viewer"));
    },
  };
}

/** In a new browser over the line. */
async function withPage<T>(
  viewer: Viewer,
  work: (page: Page, line: Awaited<ReturnType<typeof layLine>>) => Promise<T>,
): Promise<T> {
  const line = await layLine(LINE, viewer.ports);
  const options = await browserOptions();
  const server = await chromium.launchServer({
    ...options,
    args: [...(options.args ?? []), `--host-resolver-rules=${line.rules}`],
  });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const page = await viewer.enter(browser);
    await page.addInitScript({
      content: `var __name = (one) => one;(${watch})(${JSON.stringify(viewer.watched)})`,
    });
    return await work(page, line);
  } finally {
    await browser.close();
    await server.close();
    await line.stop();
  }
}

async function untilFull(page: Page): Promise<Seen> {
  const isFull = () => (globalThis as unknown as Scope).benchSeen?.fullMs !== undefined;
  await page.waitForFunction(isFull, undefined, { timeout: LONGEST_MS, polling: 50 });
  return seenOn(page);
}

/** In an open viewer: from the key that puts another series in the place of the one that hangs to its first picture, and to full detail. */
function measureSwap(viewer: Viewer, to: keyof typeof SWAPS) {
  return withPage(viewer, async (page) => {
    await (await viewer.find(page, SWAPPED))();
    await untilFull(page);
    await page.waitForTimeout(FINDS_MS);
    await page.evaluate(() => (globalThis as unknown as Scope).benchSwap());
    await page.keyboard.press(to === "original" ? "n" : "Shift+N");
    const { keyMs = Number.NaN, firstMs = Number.NaN, fullMs = Number.NaN } = await untilFull(page);
    return { firstMs: firstMs - keyMs, fullMs: fullMs - keyMs };
  });
}

/** From the click in the list: first picture, full detail, all frames, and what came down the line for it. */
function measureOne(viewer: Viewer, one: Made) {
  return withPage(viewer, async (page, line) => {
    await (await viewer.find(page, WARM))();
    await untilFull(page);
    await viewer.back(page);
    const click = await viewer.find(page, one);
    await page.waitForTimeout(FINDS_MS);
    await page.evaluate((of) => (globalThis as unknown as Scope).benchAnew(of), one.seriesUid);
    const before = line.bytesDown();
    await click();
    const { clickedMs = 0, firstMs = Number.NaN, fullMs = Number.NaN } = await untilFull(page);
    // OHIF fetches some thirty images ahead by itself: the rest at once, as fast as it can.
    await viewer.loadRest(page);
    const isStill = ({ wanted, still }: { wanted: number; still: number }) => {
      const { frames, lastFrameMs } = (globalThis as unknown as Scope).benchSeen;
      return frames >= wanted && performance.now() - lastFrameMs > still;
    };
    const asked = { wanted: one.slices, still: STILL_MS };
    await page.waitForFunction(isStill, asked, { timeout: LONGEST_MS, polling: 250 });
    const { frames, firstFrameMs, lastFrameMs } = await seenOn(page);
    return {
      firstMs: firstMs - clickedMs,
      // From the first range that was asked for: without the page, which is the same for all.
      pictureMs: firstMs - firstFrameMs,
      fullMs: fullMs - clickedMs,
      seriesMs: lastFrameMs - clickedMs,
      frames,
      megabytes: (line.bytesDown() - before) / 1e6,
    };
  });
}
type Measured = Awaited<ReturnType<typeof measureOne>>;

const isAsked = (name: string) => name.includes(ONLY);
const OHIF_CASE = "CT of 300, OHIF on Orthanc";
const REAL_CASE = "CT of 300 of a scanner, pack";
const REAL_OHIF_CASE = "CT of 300 of a scanner, OHIF on Orthanc";
const SWAP_CASE = "CT of 300, another series";
const stopRegion = await startRegion();
const orthanc =
  isAsked(OHIF_CASE) || isAsked(REAL_OHIF_CASE)
    ? await startOrthanc({ index: "sqlite", httpPort: 8042, dicomPort: 4242, more: { KeepAlive: true } })
    : undefined;
const site = await serveOhif(8043, "http://127.0.0.1:8042");
try {
  for (const one of MADE) await bring(one, filesOf(one));
  const real = await realFilesOf(REAL_SERIES);
  if (real.length > 0) await bring(REAL_SERIES, real);
  for (const files of orthanc ? [filesOf(WARM), filesOf(ORIGINALS.CT), real] : []) {
    for (let from = 0; from < files.length; from += 20)
      if (orthanc) await stow(orthanc, files.slice(from, from + 20));
  }
  await packAll(real.length > 0 ? [...MADE, REAL_SERIES] : MADE);
  const portal = await weald(Number(process.env.WEALD_E2E_PORT));
  const all: { name: string; viewer: Viewer; one: Made }[] = [
    { name: "CT of 300, original", viewer: portal, one: ORIGINALS.CT },
    { name: "CT of 300, pack", viewer: portal, one: PACKS.CT },
    { name: OHIF_CASE, viewer: ohif(site.url), one: ORIGINALS.CT },
    ...(real.length > 0
      ? [
          { name: REAL_CASE, viewer: portal, one: REAL_SERIES },
          { name: REAL_OHIF_CASE, viewer: ohif(site.url), one: REAL_SERIES },
        ]
      : []),
    { name: "mammogram, original", viewer: portal, one: ORIGINALS.MG },
    { name: "mammogram, pack", viewer: portal, one: PACKS.MG },
  ];
  const cases = all.filter(({ name }) => isAsked(name));
  const runs = new Map<string, Measured[]>(cases.map(({ name }) => [name, []]));
  for (let run = 0; run < RUNS; run += 1)
    for (const [at] of cases.entries()) {
      const one = cases[(at + run) % cases.length];
      if (!one) continue;
      const measured = await measureOne(one.viewer, one.one);
      process.stderr.write(`  ${one.name} ${JSON.stringify(measured)}\n`);
      runs.get(one.name)?.push(measured);
    }
  type Swapped = Awaited<ReturnType<typeof measureSwap>>;
  const swaps: Record<keyof typeof SWAPS, Swapped[]> = { original: [], pack: [] };
  // Each is short: as many again.
  for (let run = 0; isAsked(SWAP_CASE) && run < 2 * RUNS; run += 1)
    for (const to of run % 2 === 0 ? (["original", "pack"] as const) : (["pack", "original"] as const)) {
      const measured = await measureSwap(portal, to);
      process.stderr.write(`  ${SWAP_CASE}, ${to} ${JSON.stringify(measured)}\n`);
      swaps[to].push(measured);
    }
  const swapped = (to: keyof typeof SWAPS) => ({
    firstMs: round(median(swaps[to].map(({ firstMs }) => firstMs))),
    fullMs: round(median(swaps[to].map(({ fullMs }) => fullMs))),
    runs: swaps[to].map(({ firstMs, fullMs }) => ({ firstMs: round(firstMs), fullMs: round(fullMs) })),
  });
  const medianOf = (name: string, of: keyof Measured) => median((runs.get(name) ?? []).map((one) => one[of]));
  const ratio = (mine: string, theirs: string, of: keyof Measured, most: number) => {
    const value = Number((medianOf(mine, of) / medianOf(theirs, of)).toFixed(2));
    if (Number.isNaN(value)) return [];
    return [{ goal: `${mine}: ${of} at most ${most} of ${theirs}`, value, isMet: value <= most }];
  };
  const swapRatio = () => {
    const value = Number((swapped("pack").firstMs / swapped("original").firstMs).toFixed(2));
    return [{ goal: `${SWAP_CASE}, pack: firstMs at most 0.7 of original`, value, isMet: value <= 0.7 }];
  };
  const said = {
    line: "20 Mbit/s, 30 ms; viewer loaded",
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    goals: [
      ...ratio("mammogram, pack", "mammogram, original", "firstMs", 0.33),
      ...ratio("CT of 300, pack", "CT of 300, original", "firstMs", 0.7),
      ...ratio("mammogram, pack", "mammogram, original", "pictureMs", 0.33),
      ...ratio("CT of 300, pack", "CT of 300, original", "pictureMs", 0.7),
      ...(isAsked(SWAP_CASE) ? swapRatio() : []),
      ...ratio("CT of 300, pack", "CT of 300, original", "megabytes", 0.5),
      ...ratio("CT of 300, pack", "CT of 300, original", "seriesMs", 0.6),
      ...ratio("CT of 300, pack", OHIF_CASE, "seriesMs", 0.33),
      ...ratio(REAL_CASE, REAL_OHIF_CASE, "seriesMs", 0.33),
    ],
    ...(isAsked(SWAP_CASE) ? { [SWAP_CASE]: { original: swapped("original"), pack: swapped("pack") } } : {}),
    cases: Object.fromEntries(
      cases.map(({ name }) => [
        name,
        {
          firstMs: round(medianOf(name, "firstMs")),
          pictureMs: round(medianOf(name, "pictureMs")),
          fullMs: round(medianOf(name, "fullMs")),
          seriesMs: round(medianOf(name, "seriesMs")),
          megabytes: round(medianOf(name, "megabytes")),
          runs: (runs.get(name) ?? []).map((one) =>
            Object.fromEntries(Object.entries(one).map(([key, value]) => [key, round(value)])),
          ),
        },
      ]),
    ),
  };
  process.stderr.write(`${JSON.stringify(said.goals, null, 2)}\n`);
  writeFileSync(out, JSON.stringify(said));
} finally {
  await site.stop();
  await orthanc?.stop();
  await stopRegion();
}
process.exit(0);
