import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { type DemoStudy, filesOf, MG } from "@weald/dev-env/phantoms";
import { expectAccessible } from "./looking.ts";
import { base, openFromList, openRecord, rowInList, send, signInAgain, untilReady } from "./portal.ts";

test.beforeEach(({ page }) => {
  page.on("pageerror", (error) => console.error(`script: ${error.stack ?? error.message}`));
});

const cell = (page: Page, at: number): Locator => page.locator(`[data-cell="${at}"]`);
const imagesIn = (at: Locator): Locator => at.locator("[data-state][data-count]");

/** Until every viewport in which something hangs shows its full detail. */
async function untilAllReady(page: Page, count: number): Promise<void> {
  const hung = page.locator("[data-cell] [data-state][data-count]");
  await expect(hung).toHaveCount(count);
  for (const one of await hung.all()) await expect(one).toHaveAttribute("data-state", "ready");
}

/** What hangs where, in words: the series and, of a prior, that it is one. */
async function hanging(page: Page): Promise<string[]> {
  return page.locator("[data-cell]").evaluateAll((cells) =>
    cells.map((one) => {
      const { series, role, window } = (one as HTMLElement).dataset;
      return [series ?? "-", role === "prior" ? "prior" : "", window ?? ""].filter(Boolean).join(", ");
    }),
  );
}

async function open(page: Page, patient: string, study: string): Promise<void> {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, patient, study);
}

/** The edges of a picture in its viewport, in canvas pixels. */
async function edgesOf(page: Page, at: number) {
  return imagesIn(cell(page, at)).evaluate((element, columns) => {
    const { left = "", scale = "" } = (element as HTMLElement).dataset;
    return {
      left: Number(left),
      right: element.clientWidth - (Number(left) + columns * Number(scale)),
      scale: Number(scale),
    };
  }, MG.columns);
}

async function expectChestWallsMeet(page: Page, pairs: readonly [number, number][]): Promise<void> {
  for (const [right, left] of pairs) {
    await expect.poll(async () => Math.abs((await edgesOf(page, right)).right)).toBeLessThan(1);
    await expect.poll(async () => Math.abs((await edgesOf(page, left)).left)).toBeLessThan(1);
  }
  // While a viewport takes another size its picture has no scale.
  const scales = () => Promise.all(pairs.flat().map(async (at) => (await edgesOf(page, at)).scale));
  await expect.poll(async () => new Set((await scales()).map((one) => one.toFixed(5))).size).toBe(1);
  expect(await scales()).not.toContain(0);
}

test("mammography: four views back to back, chest walls meeting, at one scale; one key steps through the reading sequence", async ({
  page,
}) => {
  await open(page, "DUFFIELD", "XR Mammogram Both");
  await untilAllReady(page, 4);
  expect(await hanging(page)).toEqual(["R CC", "L CC", "R MLO", "L MLO"]);
  await expectChestWallsMeet(page, [
    [1, 2],
    [3, 4],
  ]);
  for (const at of [1, 2, 3, 4]) await expect(cell(page, at)).toContainText("by Image Laterality");
  await page.screenshot({ path: "../test-results/mammography.png" });

  await page.keyboard.press(" ");
  await untilAllReady(page, 2);
  expect(await hanging(page)).toEqual(["R CC", "L CC"]);
  await expectChestWallsMeet(page, [[1, 2]]);
  await page.keyboard.press(" ");
  await untilAllReady(page, 2);
  expect(await hanging(page)).toEqual(["R MLO", "L MLO"]);
  await page.keyboard.press("Shift+ ");
  await untilAllReady(page, 2);
  expect(await hanging(page)).toEqual(["R CC", "L CC"]);
});

test("mammography: P brings the prior round below, each viewport saying PRIOR and since when, and takes it away again", async ({
  page,
}) => {
  await open(page, "DUFFIELD", "XR Mammogram Both");
  await untilAllReady(page, 4);
  await page.keyboard.press("p");
  await untilAllReady(page, 8);
  expect(await hanging(page)).toEqual([
    ...["R CC", "L CC", "R MLO", "L MLO"],
    ...["R CC, prior", "L CC, prior", "R MLO, prior", "L MLO, prior"],
  ]);
  for (const at of [1, 2, 3, 4]) await expect(cell(page, at)).toContainText("CURRENT");
  for (const at of [5, 6, 7, 8]) {
    await expect(cell(page, at)).toContainText("PRIOR 3 y");
    await expect(cell(page, at)).not.toContainText("CURRENT");
  }
  await expectChestWallsMeet(page, [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]);
  await page.screenshot({ path: "../test-results/mammography-prior.png" });
  await expect(page).toHaveURL(/\?prior=/);
  await page.reload();
  await untilAllReady(page, 8);
  await page.keyboard.press("p");
  await untilAllReady(page, 4);
  await expect(page).not.toHaveURL(/prior=/);
});

const folder = mkdtempSync(path.join(tmpdir(), "weald-reading-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes of a Part 10 file with one short value in place of another of the same length. */
function changed(bytes: Uint8Array, tag: readonly [number, number], value: string): Uint8Array {
  const [group, element] = tag;
  const out = new Uint8Array(bytes);
  const head = [group & 0xff, group >> 8, element & 0xff, element >> 8, 0x43, 0x53];
  for (let at = 132; at < out.length - 10; at += 2)
    if (head.every((byte, index) => out[at + index] === byte)) {
      out.set(new TextEncoder().encode(value), at + 8);
      return out;
    }
  throw new Error("no such attribute");
}

test("a mis-sided mammogram is in no side's place: it waits in the tray with why, and its place says that nothing came", async ({
  page,
}) => {
  const study: DemoStudy = {
    key: `mis-sided-${process.pid}`,
    patient: "carrington",
    custodian: "RXC",
    site: "Conquest",
    kind: "mammogram",
    daysAgo: 0,
    time: "201500",
    description: "Mammogram mis-sided",
    procedure: "XMAMB",
    bodyPart: "BREAST",
  };
  const IMAGE_LATERALITY = [0x0020, 0x0062] as const;
  for (const [index, file] of [...filesOf(study)].entries()) {
    const target = path.join(folder, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    // The second is the left CC: it says that it is right.
    writeFileSync(target, index === 1 ? changed(file.bytes, IMAGE_LATERALITY, "R ") : file.bytes);
  }
  expect((await send("RXC", [folder])).code).toBe(0);

  await signInAgain(page, "Dr Rohan Patel");
  const row = page.getByRole("row").filter({ hasText: "Mammogram mis-sided" });
  await expect(row).toBeVisible();
  await row.getByRole("link").first().click();
  await untilAllReady(page, 3);
  expect(await hanging(page)).toEqual(["R CC", "-", "R MLO", "L MLO"]);
  await expect(cell(page, 2)).toContainText("No L CC came");
  const tray = page.getByRole("region", { name: "Unplaced images" });
  await expect(tray).toContainText("side? MG L CC");
  await expect(tray).toContainText(
    "Image Laterality says R, Patient Orientation has the chest wall at the left",
  );
  await page.screenshot({ path: "../test-results/mis-sided.png" });
  for (let press = 0; press < 3; press += 1) {
    await page.keyboard.press(" ");
    for (const one of await hanging(page)) expect(one).not.toBe("L CC");
  }

  // Looked at by hand it stands at no edge, and still asks.
  await tray.getByRole("button").click();
  await untilReady(page);
  await expect(page.locator("[data-cell][data-series='L CC']")).toContainText("side?");
  await expect(page.locator("[data-cell][data-series='L CC']")).not.toHaveAttribute("data-flush", /./);
});

test("chest X-ray: the prior beside in one key, whoever made it; in the same place while a key is held", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  await page.goto(`${base()}/worklist`);
  await openRecord(page, "HOLLIS", /XR Chest.*Not reported|Not reported.*XR Chest/);
  await untilAllReady(page, 1);
  await page.keyboard.press("p");
  await untilAllReady(page, 2);
  expect(await hanging(page)).toEqual(["PA", "PA, prior"]);
  await expect(cell(page, 2)).toContainText("PRIOR 2 y");
  await expect(cell(page, 2)).toContainText("East Sussex");
  await page.screenshot({ path: "../test-results/chest-prior.png" });

  await page.keyboard.down("h");
  await expect(cell(page, 1)).toHaveAttribute("data-role", "prior");
  await expect(cell(page, 1)).toContainText("PRIOR 2 y");
  await page.keyboard.up("h");
  await expect(cell(page, 1)).toHaveAttribute("data-role", "current");
  await expect(cell(page, 1)).not.toContainText("PRIOR 2 y");
});

test("the best priors' first pictures are there before they are asked for, declared as fetched ahead", async ({
  page,
}) => {
  const [fetched, said]: [string[], string[]] = [[], []];
  page.on("requestfinished", (request) => {
    if (request.method() === "GET" && request.headers().range) fetched.push(new URL(request.url()).pathname);
  });
  page.on("request", (request) => {
    const body = request.postData() ?? decodeURIComponent(new URL(request.url()).search);
    if (body.includes('"isPrefetch":true')) said.push("ahead");
  });
  await signInAgain(page, "Dr Rohan Patel");
  await page.goto(`${base()}/worklist`);
  await openRecord(page, "HOLLIS", /XR Chest.*Not reported|Not reported.*XR Chest/);
  await untilAllReady(page, 1);
  // Its own picture, and one of each of three priors.
  await expect.poll(() => new Set(fetched).size).toBe(4);
  expect(said).toContain("ahead");
  const before = fetched.length;
  await page.keyboard.press("p");
  await untilAllReady(page, 2);
  expect(fetched.slice(before), "bytes fetched once it was asked for").toEqual([]);
});

test("CT chest: one series in two windows that scroll as one; with the prior, linked by location, each link can be switched off", async ({
  page,
}) => {
  await open(page, "ZIELI", "CT Chest follow-up");
  await untilAllReady(page, 2);
  expect(await hanging(page)).toEqual(["Chest 4 mm, Soft tissue", "Chest 4 mm, Lung"]);
  await expect(page.getByTestId("links")).toContainText("linked by position");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  for (const at of [1, 2]) await expect(imagesIn(cell(page, at))).toHaveAttribute("data-index", "2");

  await page.keyboard.press("p");
  await expect(cell(page, 2)).toHaveAttribute("data-role", "prior");
  await untilAllReady(page, 2);
  expect(await hanging(page)).toEqual(["Chest 4 mm, Soft tissue", "Chest 4 mm, prior, Soft tissue"]);
  await expect(page.getByTestId("links")).toContainText("linked by location, in mm");
  await page.keyboard.press("ArrowDown");
  await expect(imagesIn(cell(page, 1))).toHaveAttribute("data-index", "3");
  await expect(imagesIn(cell(page, 2))).toHaveAttribute("data-index", "3");
  await page.keyboard.press("4");
  for (const at of [1, 2]) await expect(cell(page, at)).toContainText(/Brain · C 40 W 80/);
  await page.screenshot({ path: "../test-results/ct-chest-prior.png" });

  await page.keyboard.press("l");
  await page.keyboard.press("ArrowDown");
  await expect(imagesIn(cell(page, 1))).toHaveAttribute("data-index", "4");
  await untilAllReady(page, 2);
  await expect(imagesIn(cell(page, 2))).toHaveAttribute("data-index", "3");
  // Linked again, what stands level is level. It is kept before the page goes: other journeys read as this reader.
  const kept = page.waitForResponse(/preference\.keepViewer/);
  await page.keyboard.press("l");
  await kept;
  await page.keyboard.press("ArrowDown");
  await expect(imagesIn(cell(page, 1))).toHaveAttribute("data-index", "5");
  await expect(imagesIn(cell(page, 2))).toHaveAttribute("data-index", "4");
});

test("CT head: the brain, then brain and bone; MR brain: sequences side by side, what didn't come said; US: one loop alone", async ({
  page,
}) => {
  await open(page, "WHITAKER", "CT Head");
  await untilAllReady(page, 1);
  expect(await hanging(page)).toEqual(["Head 2.5 mm, Brain"]);
  await page.keyboard.press(" ");
  await untilAllReady(page, 2);
  expect(await hanging(page)).toEqual(["Head 2.5 mm, Brain", "Head 2.5 mm, Bone"]);
  await page.keyboard.press("Escape");
  await openFromList(page, "WANG", "MR Brain");
  await untilAllReady(page, 3);
  expect(await hanging(page)).toEqual(["T1 axial", "T2 axial", "FLAIR axial", "-"]);
  await expect(cell(page, 4)).toContainText("No DWI came");
  await page.screenshot({ path: "../test-results/mr-brain.png" });
  await page.keyboard.press("Escape");
  await openFromList(page, "AHMED", "US Heart");
  await untilAllReady(page, 1);
  expect(await hanging(page)).toEqual(["Apical four chamber"]);
});

test("three planes of a series: computed says so, a line shows where each cuts, missing slices are hatched and never filled in", async ({
  page,
}) => {
  await open(page, "WHITAKER", "CT Head");
  await untilAllReady(page, 1);
  await page.keyboard.press("v");
  await untilAllReady(page, 3);
  await expect(cell(page, 2)).toContainText("COMPUTED, coronal, from 60 slices");
  await expect(cell(page, 3)).toContainText("COMPUTED, sagittal, from 60 slices");
  await expect(page.getByTestId("missing-slices")).toHaveCount(0);
  await expect(cell(page, 2).getByTestId("reference-line")).toBeVisible();
  await expect(cell(page, 2)).toContainText("H");
  await page.screenshot({ path: "../test-results/planes.png" });
  // Windows of one series are one.
  await page.keyboard.press("2");
  for (const at of [1, 2, 3]) await expect(cell(page, at)).toContainText("C 600 W 2800");
  await page.keyboard.press("v");
  await untilAllReady(page, 1);

  await page.keyboard.press("Escape");
  await openFromList(page, "OSEI", "CT Chest");
  await page.keyboard.press("v");
  await expect(cell(page, 2)).toContainText("COMPUTED, coronal, from 37 slices");
  await page.screenshot({ path: "../test-results/planes-short.png" });
  await page.keyboard.press("Escape");
  await openFromList(page, "HOLLIS", "XR Chest");
  await page.keyboard.press("v");
  await expect(cell(page, 2)).toContainText(
    "Other planes can't be computed: a volume has 8 slices at least.",
  );
});

test("a layout and a key that a reader chose are there at the next opening", async ({ page }) => {
  await open(page, "WHITAKER", "CT Head");
  const kept = () => page.waitForResponse((answer) => answer.url().includes("preference.keepViewer"));
  const choose = async (layout: string, letter: string) => {
    const first = kept();
    await page.getByRole("combobox", { name: "Layout" }).selectOption(layout);
    expect((await first).ok()).toBe(true);
    await page.getByRole("button", { name: "Keys (?)" }).click();
    const second = kept();
    await page.getByRole("textbox", { name: "Another key for: Invert" }).fill(letter);
    expect((await second).ok()).toBe(true);
    await page.getByRole("button", { name: "Close", exact: true }).click();
  };
  await choose("1×2", "t");
  await page.reload();
  await expect(page.locator("[data-cell]")).toHaveCount(2);
  await untilReady(page);
  await page.keyboard.press("t");
  await expect(page.getByRole("button", { name: "Invert (I)" })).toHaveAttribute("aria-pressed", "true");
  await choose("1×1", "i");
});

test("on a phone one viewport is shown, and no other is loaded", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, "DUFFIELD", "XR Mammogram Both");
  await untilAllReady(page, 1);
  expect(await hanging(page)).toEqual(["R CC"]);
  await page.getByRole("navigation", { name: "Series" }).getByRole("button", { name: /L MLO/ }).click();
  await untilAllReady(page, 1);
  expect(await hanging(page)).toEqual(["L MLO"]);
});

test("a study of another patient never hangs beside this one, whatever the address says", async ({
  page,
}) => {
  await open(page, "WHITAKER", "CT Head");
  const whitaker = new URL(page.url()).pathname;
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/worklist/);
  await openFromList(page, "GRAY", "CT Head");
  const gray = new URL(page.url()).pathname.split("/").at(-1);
  await page.goto(`${base()}${whitaker}?prior=${gray}`);
  await untilReady(page);
  await expect(page.getByRole("alert").filter({ hasText: "another patient" })).toBeVisible();
  await expect(page.locator("[data-cell]")).toHaveCount(1);
  await expect(page.getByRole("navigation", { name: "Series" }).getByRole("button")).toHaveCount(1);
});

test("a grid by keyboard alone: layout, a series into the active viewport by Enter, from one viewport to the next; and by a drag", async ({
  page,
}) => {
  await open(page, "GRAY", "MR Head and neck");
  await page.getByRole("combobox", { name: "Layout" }).focus();
  await page.getByRole("combobox", { name: "Layout" }).selectOption("1×2");
  await page.getByRole("combobox", { name: "Layout" }).blur();
  await expect(page.locator("[data-cell]")).toHaveCount(2);
  await page.keyboard.press("ArrowRight");
  await expect(cell(page, 2)).toHaveAttribute("aria-current", "true");
  const strip = page.getByRole("navigation", { name: "Series" });
  await strip.getByRole("button", { name: /FLAIR/ }).focus();
  await page.keyboard.press("Enter");
  await untilReady(page);
  await expect(cell(page, 2)).toHaveAttribute("data-series", "FLAIR axial");
  await page.keyboard.press("ArrowLeft");
  await expect(cell(page, 1)).toHaveAttribute("aria-current", "true");
  await strip.getByRole("button", { name: /T1/ }).dragTo(cell(page, 2));
  await expect(cell(page, 2)).toHaveAttribute("data-series", "T1 axial");
});

test("a frame that can't be had says so in its own viewport; the rest goes on", async ({ page }) => {
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.message));
  await signInAgain(page, "Dr Rohan Patel");
  const refused = new Set<string>();
  await page.route(/\/archive\//, async (route) => {
    const object = new URL(route.request().url()).pathname;
    // No pack, and never the first original that is asked for in its place.
    const isPack = object.includes("/packs/");
    if (!isPack && refused.size === 0) refused.add(object);
    const isRefused = isPack || refused.has(object);
    await (isRefused ? route.fulfill({ status: 403, body: "" }) : route.continue());
  });
  // Of 2023: behind all that other journeys have sent.
  await page.goto(`${base()}/worklist?modality=MG`);
  await (await rowInList(page, "CARRINGTON", "XR Mammogram Both")).getByRole("link").first().click();
  await expect(page.locator("[data-cell] [data-state=ready][data-count]")).toHaveCount(3);
  await expect(page.locator("[data-cell] [data-state=failed][data-count]")).toHaveCount(1);
  await expect(page.locator("[data-cell]").getByRole("alert")).toContainText("This image can't be shown");
  // Said there, and nowhere left as an error that nobody answers.
  expect(failures).toEqual([]);

  // What a reader changes and the server doesn't keep is said, until it does.
  await page.unrouteAll();
  await page.route(/preference\.keepViewer/, (route) => route.fulfill({ status: 500, body: "{}" }));
  const unkept = page.getByText("could not be kept. It holds until you close this study.");
  await page.keyboard.press("l");
  await expect(unkept).toBeVisible();
  await page.unrouteAll();
  await page.keyboard.press("l");
  await expect(unkept).toHaveCount(0);
});

test("of two changes one after the other the later is kept, also where the first is slow on its way", async ({
  page,
}) => {
  const arrived: boolean[] = [];
  await page.route(/preference\.keepViewer/, async (route) => {
    const [{ links }] = Object.values(route.request().postDataJSON()) as [{ links: { scroll: boolean } }];
    if (arrived.length === 0) await new Promise((then) => setTimeout(then, SLOW_MS));
    arrived.push(links.scroll);
    await route.continue();
  });
  await open(page, "ZIELI", "CT Chest follow-up");
  await untilAllReady(page, 2);
  const linked = page.getByRole("button", { name: "Linked scrolling (L)" });
  const lastKept = page.waitForResponse(
    (response) => response.url().includes("keepViewer") && arrived.length === 2,
  );
  await page.keyboard.press("l");
  await expect(linked).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("l");
  await expect(linked).toHaveAttribute("aria-pressed", "true");
  await lastKept;
  expect(arrived).toEqual([false, true]);
});
const SLOW_MS = 1500;

test("a grid of mammograms is accessible in both themes", async ({ page }) => {
  await open(page, "DUFFIELD", "XR Mammogram Both");
  await expectAccessible(page, () => untilAllReady(page, 4));
});
