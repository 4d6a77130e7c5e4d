import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import type { DemoStudy } from "@weald/dev-env/phantoms";
import { browserOptions } from "../../tests/e2e/browser.ts";
import { memoryMb } from "../archive/peer.ts";
import { type Line, layLine } from "./line.ts";
import { type Seen, type Watched, watch } from "./watch.ts";

/** A product under measurement, as a person meets it. */
export type Product = {
  name: string;
  watched: Watched;
  /** All that its pages talk to. */
  ports: readonly number[];
  /** Of a new browser: who one is. */
  enter(browser: Browser): Promise<Page>;
  /** The address that shows a study. */
  address(study: DemoStudy): string;
  list: string;
  /** Loads what of the series on the screen isn't there yet. */
  loadRest(page: Page): Promise<void>;
  /** In the list, up to the click that opens a study from it. */
  find(page: Page, study: DemoStudy): Promise<() => Promise<void>>;
};

const LONGEST_MS = 120_000;
/** A key that changes nothing in this time is said to have taken it. */
const KEY_MS = 10_000;
const SINGLE_STEPS = 9;
/** Turns of the wheel, one each time that the screen is drawn. */
const TURNS = 160;

type Scope = { benchSeen: Seen; benchAnew(): void };
const seenOn = (page: Page) => page.evaluate(() => (globalThis as unknown as Scope).benchSeen);

async function untilFull(page: Page): Promise<Seen> {
  await page.waitForFunction(
    () => (globalThis as unknown as Scope).benchSeen?.fullMs !== undefined,
    undefined,
    { timeout: LONGEST_MS, polling: 50 },
  );
  return seenOn(page);
}

/** From the key to the first other picture. */
async function nextImage(page: Page): Promise<number> {
  await page.keyboard.press("ArrowDown");
  const isChanged = () => {
    const { keyMs, changedMs } = (globalThis as unknown as Scope).benchSeen;
    return keyMs !== undefined && changedMs !== undefined;
  };
  const isInTime = await page.waitForFunction(isChanged, undefined, { timeout: KEY_MS, polling: 16 }).then(
    () => true,
    () => false,
  );
  if (!isInTime) return KEY_MS;
  const { keyMs = 0, changedMs = 0 } = await seenOn(page);
  return changedMs - keyMs;
}

/** Until so many different frames have come, or nothing more has for five seconds: then how many it left at. */
async function untilLoaded(page: Page, slices: number): Promise<{ frames: number; atMs: number }> {
  const stillMs = 5000;
  await page.waitForFunction(
    ({ wanted, still }) => {
      const { frames, lastFrameMs } = (globalThis as unknown as Scope).benchSeen;
      return frames >= wanted || (frames > 0 && performance.now() - lastFrameMs > still);
    },
    { wanted: slices, still: stillMs },
    { timeout: LONGEST_MS * 2, polling: 250 },
  );
  const { frames, lastFrameMs } = await seenOn(page);
  return { frames, atMs: lastFrameMs };
}

/** Turns the wheel over the picture as fast as the screen is drawn: what was painted, and what held the page up. */
async function scroll(page: Page, { canvas }: Watched, turns: number) {
  return page.evaluate(
    async ({ selector, times }) => {
      const { benchSeen: seen } = globalThis as unknown as Scope;
      const element = document.querySelector(selector);
      if (!element) throw new Error("no canvas");
      const [changes, began] = [seen.changes, performance.now()];
      const { left, top, width, height } = element.getBoundingClientRect();
      const at = { clientX: left + width / 2, clientY: top + height / 2 };
      for (let turn = 0; turn < times; turn += 1) {
        const deltaY = turn < times / 2 ? 100 : -100;
        element.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, bubbles: true, cancelable: true }));
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      const ms = performance.now() - began;
      const long = seen.longTasks.filter((one) => one.at >= began).map((one) => one.ms);
      return {
        paintsASecond: ((seen.changes - changes) / ms) * 1000,
        drawsASecond: (times / ms) * 1000,
        longestTaskMs: Math.max(0, ...long),
        tasksOver200Ms: long.filter((one) => one > 200).length,
      };
    },
    { selector: canvas, times: turns },
  );
}

async function memoryOf(session: CDPSession, pid: number) {
  const heap = (await session.send("Runtime.getHeapUsage")) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  const mb = (bytes: number) => Math.round(bytes / 1e6);
  return {
    browserMb: memoryMb([pid]),
    scriptHeapMb: mb(heap.usedSize),
    buffersMb: mb(heap.backingStorageSize ?? 0),
  };
}

/** As long as a person takes to find the row. */
const FINDS_MS = 3000;

async function openFromList(page: Page, product: Product, study: DemoStudy): Promise<Seen> {
  const click = await product.find(page, study);
  await page.waitForTimeout(FINDS_MS);
  await page.evaluate(() => (globalThis as unknown as Scope).benchAnew());
  await click();
  return untilFull(page);
}

export type Task = {
  cold: DemoStudy;
  warm: DemoStudy | undefined;
  slices: number;
  line: Line | undefined;
  /** Whether the series is awaited whole, and scrolled through. */
  isWhole: boolean;
};

/** One new browser: a study cold, the next image, the whole series, scrolling; then another study from the list, warm. */
export async function measure(product: Product, task: Task) {
  const line = task.line && (await layLine(task.line, product.ports));
  const options = await browserOptions();
  const args = [...(options.args ?? []), ...(line ? [`--host-resolver-rules=${line.rules}`] : [])];
  const server = await chromium.launchServer({ ...options, args });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const page = await product.enter(browser);
    await page.addInitScript({
      content: `var __name = (one) => one;(${watch})(${JSON.stringify(product.watched)})`,
    });
    await page.goto(product.address(task.cold), { waitUntil: "commit" });
    const cold = await untilFull(page);
    const nextAtOnceMs = await nextImage(page);
    const results: Record<string, number | undefined> = {
      coldFirstMs: cold.firstMs,
      coldFullMs: cold.fullMs,
      nextAtOnceMs,
    };
    if (task.isWhole) {
      const { frames, atMs } = await untilLoaded(page, task.slices);
      Object.assign(results, { framesLoaded: frames, seriesLoadedMs: atMs });
      // What a product left out is loaded for it: scrolling is measured on what is there.
      if (frames < task.slices) await product.loadRest(page);
      results.framesBeforeScrolling = (await seenOn(page)).frames;
      const steps: number[] = [];
      for (let step = 0; step < SINGLE_STEPS; step += 1) steps.push(await nextImage(page));
      results.nextLoadedMs = steps.sort((a, b) => a - b)[Math.floor(SINGLE_STEPS / 2)];
      Object.assign(results, await scroll(page, product.watched, TURNS));
      const session = await page.context().newCDPSession(page);
      Object.assign(results, await memoryOf(session, server.process().pid ?? 0));
    }
    if (!task.warm) return results;
    await page.goto(product.list);
    // The same study again, and back: of a working day's studies it isn't the first.
    await openFromList(page, product, task.cold);
    await page.goBack();
    const warm = await openFromList(page, product, task.warm);
    const since = warm.clickedMs ?? 0;
    const after = (at: number | undefined) => (at === undefined ? undefined : at - since);
    return { ...results, warmFirstMs: after(warm.firstMs), warmFullMs: after(warm.fullMs) };
  } finally {
    await browser.close();
    await server.close();
    await line?.stop();
  }
}
