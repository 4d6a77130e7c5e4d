import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { type DemoStudy, filesOf } from "@weald/dev-env/phantoms";
import { browserOptions } from "../tests/e2e/browser.ts";
import { base, openFromList, send, signIn, viewportOf } from "../tests/e2e/portal.ts";
import startRegion from "../tests/e2e/start-region.ts";

const OPENS = 3;
const SCROLLS = 40;
// A slow line takes its time; the bench says how long, it doesn't judge.
const LONGEST_MS = 120_000;

/** Lines from ward to region, in bytes a second and milliseconds a round trip. */
const LINES = {
  "this machine": undefined,
  "50 Mbit/s, 20 ms": { bytesASecond: 6_250_000, latencyMs: 20 },
  "10 Mbit/s, 40 ms": { bytesASecond: 1_250_000, latencyMs: 40 },
} as const;

/** A study an opening, and one before the clock runs: a browser keeps what it has read for as long as its URL lives. */
const studies = Array.from(
  { length: OPENS + 1 },
  (_, index): DemoStudy => ({
    key: `bench-first-image-${index}`,
    patient: "hollis",
    custodian: "RXC",
    site: "Conquest",
    kind: "ct-chest",
    daysAgo: 0,
    time: `20150${index}`,
    description: `CT Chest bench ${index}`,
    procedure: "CCHES",
    bodyPart: "CHEST",
  }),
);

async function sendStudies(): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-"));
  try {
    for (const file of studies.flatMap((study) => [...filesOf(study, "large")])) {
      const target = path.join(folder, file.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, file.bytes);
    }
    const { lines } = await send("RXC", [folder]);
    return Number(lines.at(-1)?.files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function throttle(page: Page, line: (typeof LINES)[keyof typeof LINES]): Promise<void> {
  if (!line) return;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: line.latencyMs,
    downloadThroughput: line.bytesASecond,
    uploadThroughput: line.bytesASecond,
  });
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const rounded = (value: number) => Math.round(value);

async function untilShown(page: Page, index: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const viewport = document.querySelector("[data-testid=viewport]");
      return (
        viewport?.getAttribute("data-state") === "ready" &&
        viewport.getAttribute("data-index") === String(wanted)
      );
    },
    index,
    { timeout: LONGEST_MS },
  );
}

async function measureLine(line: (typeof LINES)[keyof typeof LINES]) {
  const browser = await chromium.launch(await browserOptions());
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, locale: "en-GB" });
    await signIn(page, "Dr Rohan Patel");
    // Once before the clock runs: codecs and the viewer's own code are in the browser's cache on a working day.
    const [first, ...others] = studies.map(({ description }) => description);
    await openFromList(page, "HOLLIS", first ?? "");
    await throttle(page, line);
    const opens: number[] = [];
    for (const description of others) {
      await page.goto(`${base()}/worklist`);
      const link = page.getByRole("row").filter({ hasText: description }).getByRole("link").first();
      await link.waitFor();
      const began = performance.now();
      await link.click();
      await untilShown(page, 0);
      opens.push(performance.now() - began);
    }
    const began = performance.now();
    for (let turn = 0; turn < SCROLLS; turn += 1) await page.keyboard.press("ArrowDown");
    await untilShown(page, SCROLLS);
    const scrollMs = performance.now() - began;
    const count = Number(await viewportOf(page).getAttribute("data-count"));
    return {
      openToFirstFullDetailMs: rounded(median(opens)),
      opensMs: opens.map(rounded),
      scroll40Ms: rounded(scrollMs),
      images: count,
    };
  } finally {
    await browser.close();
  }
}

/** From the click on a row to the first picture in full detail, over several lines; then forty images further. */
export async function measureFirstImage(): Promise<Record<string, unknown>> {
  const stop = await startRegion();
  try {
    const files = await sendStudies();
    const lines: Record<string, unknown> = {};
    for (const [name, line] of Object.entries(LINES)) lines[name] = await measureLine(line);
    return { study: "CT chest, large phantom", files, renderer: "SwiftShader (no graphics card)", lines };
  } finally {
    await stop();
  }
}
