import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, devices, type Page } from "@playwright/test";
import { type DemoStudy, filesOf } from "@weald/dev-env/phantoms";
import { browserOptions } from "../tests/e2e/browser.ts";
import { base, send, signIn } from "../tests/e2e/portal.ts";
import startRegion from "../tests/e2e/start-region.ts";
import { median, round } from "./archive/ask.ts";
import { memoryMb } from "./archive/peer.ts";
import { type Line, layLine } from "./viewer/line.ts";

/** A phone in a village: 5 Mbit/s, and 50 ms a round trip. */
const LINE: Line = { bytesASecond: 625_000, roundTripMs: 50 };
const SLICES = 300;
const RUNS = Number(process.env.WEALD_BENCH_RUNS ?? 5);
const LONGEST_MS = 120_000;
/** Pictures are drawn and a series settles by timers of the region. */
const SETTLES_WITHIN_MS = 180_000;

/** What issue 7 promises. */
const PROMISED = { previewMs: 2000, previewBytes: 60 * 1024, viewerMs: 6000, heldMb: 96 };

const STUDY: DemoStudy = {
  ...{ key: "bench-patient-link", patient: "hollis", custodian: "RXC", site: "Conquest", kind: "ct-chest" },
  ...{
    daysAgo: 0,
    time: "211500",
    description: "CT Chest bench link",
    procedure: "CCHES",
    bodyPart: "CHEST",
  },
  special: { slices: SLICES },
};

const { defaultBrowserType: _browser, ...PHONE } = devices["iPhone 13"];
const phone = { ...PHONE, locale: "en-GB", timezoneId: "Europe/London" } as const;

async function bring(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-"));
  try {
    for (const file of filesOf(STUDY, "large")) {
      const target = path.join(folder, file.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, file.bytes);
    }
    await send("RXC", [folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A rule, and a link that is handed over; the page stays where it can be handed over again. */
async function share(page: Page, manager: Page): Promise<void> {
  await signIn(manager, "Mr Tom Reyes");
  await manager.goto(`${base()}/administration/release`);
  await manager.getByLabel("Patients may see them").selectOption("at-once");
  await manager.getByRole("button", { name: "State this rule" }).click();
  await manager.getByRole("list", { name: "Rules" }).waitFor();
  await signIn(page, "Dr Amara Okafor");
  await page.goto(`${base()}/worklist`);
  await page.getByRole("row").filter({ hasText: STUDY.description }).getByRole("link").first().click();
  await page.locator("[data-testid=viewport][data-state=ready]").waitFor({ timeout: LONGEST_MS });
  await page.keyboard.press("d");
  await page.getByRole("link", { name: "Share with the patient" }).click();
  await page.waitForURL(/\/share$/);
  for (const until = Date.now() + SETTLES_WITHIN_MS; Date.now() < until; await page.reload()) {
    const release = page.getByRole("region", { name: "Release" });
    await release.waitFor();
    if (await release.getByText("May go now").isVisible()) break;
    await page.waitForTimeout(2000);
  }
  await page.getByLabel(/^In person, by a QR code/).check();
  await page.getByRole("button", { name: "Share with the patient" }).click();
  await page.getByText("The link is made").waitFor();
}

/** What opens the link once: a new one each time. */
async function handed(page: Page): Promise<{ token: string; paper: string }> {
  await page.reload();
  await page.getByRole("list", { name: "Links" }).getByRole("button", { name: "Hand over" }).first().click();
  await page.getByRole("button", { name: "Show the QR code now" }).click();
  const said = async (id: string) => (await page.getByTestId(id).textContent()) ?? "";
  return { token: await said("link-code"), paper: await said("paper-code") };
}

async function openLink(context: BrowserContext, { token, paper }: { token: string; paper: string }) {
  const page = await context.newPage();
  await page.goto(`${base()}/link#${token}`);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByLabel("Code", { exact: true }).fill(paper);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL(`${base()}/link/images`);
  // A small picture is drawn by a timer: before that there is nothing to be measured.
  const preview = page.locator("img[data-testid=preview]").first();
  for (const until = Date.now() + SETTLES_WITHIN_MS; Date.now() < until; await page.reload())
    if (
      await preview.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      )
    )
      return;
  throw new Error("no small picture was drawn in time");
}

/** The page that shows, asked for by a browser that has nothing of it yet: the kindest cache is the one that a promise doesn't count on. */
async function measure(storageState: Awaited<ReturnType<BrowserContext["storageState"]>>) {
  const port = Number(process.env.WEALD_E2E_PORT);
  const line = await layLine(LINE, [port, port + 1]);
  const options = await browserOptions();
  const args = [...(options.args ?? []), `--host-resolver-rules=${line.rules}`];
  const server = await chromium.launchServer({ ...options, args });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const context = await browser.newContext({ ...phone, storageState });
    const page = await context.newPage();
    // A telephone's browser runs already: what starting one and its drawing takes is not the page's.
    await page.goto("data:text/html,<canvas></canvas><p>Ready</p>");
    await page.screenshot();
    const previews: number[] = [];
    const scripts = { bytes: 0 };
    page.on("response", async (answer) => {
      const type = (await answer.headerValue("content-type")) ?? "";
      const bytes = Number((await answer.headerValue("content-length")) ?? 0);
      if (type.includes("image/jpeg")) previews.push(bytes);
      if (type.includes("javascript")) scripts.bytes += (await answer.body().catch(() => "")).length;
    });
    await page.goto(`${base()}/link/images`, { waitUntil: "commit" });
    const preview = await page.waitForFunction(
      () => {
        const image = document.querySelector<HTMLImageElement>("img[data-testid=preview]");
        return image?.complete && image.naturalWidth > 0 ? performance.now() : undefined;
      },
      undefined,
      { timeout: LONGEST_MS, polling: 16 },
    );
    const previewMs = Number(await preview.jsonValue());
    const scriptsBefore = scripts.bytes;
    const began = performance.now();
    await page
      .getByRole("button", { name: /^Look at/ })
      .first()
      .click();
    await page.locator("[data-testid=picture][data-state=ready]").waitFor({ timeout: LONGEST_MS });
    const viewerMs = performance.now() - began;
    const heldMb = await scrollThrough(page);
    return {
      ...{ previewMs, previewBytes: Math.max(0, ...previews), viewerMs, heldMb },
      scriptsBeforePreviewKb: scriptsBefore / 1000,
      browserMb: memoryMb([server.process().pid ?? 0]),
    };
  } finally {
    await browser.close();
    await server.close();
    await line.stop();
  }
}

/** To the end of the series by its own keys; the most that the page held of decoded pictures meanwhile, in MiB. */
async function scrollThrough(page: Page): Promise<number> {
  const picture = page.getByTestId("picture");
  const most = { held: 0 };
  for (let at = 20; at < SLICES; at += 20) {
    await page.keyboard.press("PageDown");
    await page.keyboard.press("PageDown");
    await page
      .locator(`[data-testid=picture][data-state=ready][data-index="${at}"]`)
      .waitFor({ timeout: LONGEST_MS });
    most.held = Math.max(most.held, Number(await picture.getAttribute("data-held")));
  }
  return (most.held * 512 * 512 * 2) / 1024 ** 2;
}

const LINE_NAME = "5 Mbit/s, 50 ms";

/** A patient's link on a phone, over a slow line, with nothing in the browser's cache: small pictures, the viewer, and what it holds. */
export async function patientLink(): Promise<unknown> {
  const stop = await startRegion();
  const browser = await chromium.launch(await browserOptions());
  try {
    await bring();
    const staff = await browser.newPage({ viewport: { width: 1280, height: 720 }, locale: "en-GB" });
    await share(staff, await browser.newPage({ viewport: { width: 1280, height: 720 }, locale: "en-GB" }));
    const runs: Awaited<ReturnType<typeof measure>>[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const context = await browser.newContext(phone);
      await openLink(context, await handed(staff));
      runs.push(await measure(await context.storageState()));
      await context.close();
      process.stderr.write(`${JSON.stringify(runs.at(-1))}\n`);
    }
    const of = (name: keyof (typeof runs)[number]) => round(median(runs.map((run) => run[name])));
    const figures = Object.fromEntries(
      (Object.keys(runs[0] ?? {}) as (keyof (typeof runs)[number])[]).map((name) => [name, of(name)]),
    );
    const goals = Object.entries(PROMISED).map(([goal, most]) => ({
      goal: `${goal} at most ${most}`,
      value: figures[goal],
      isMet: (figures[goal] ?? Number.POSITIVE_INFINITY) <= most,
    }));
    return { study: `CT of ${SLICES}, 512 × 512`, line: LINE_NAME, cache: "empty", goals, ...figures, runs };
  } finally {
    await browser.close();
    await stop();
  }
}
