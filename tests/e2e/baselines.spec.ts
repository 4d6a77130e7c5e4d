import { expect, type Page, test } from "@playwright/test";
import { BTO } from "@weald/dev-env/phantoms";
import { openFromList, openRecord, signInAgain } from "./portal.ts";

/**
 * What hangs by each shipped protocol, as pictures: every viewport's canvas as a grid of SIZE × SIZE grey squares, side by side,
 * kept in tests/e2e/baselines. No text and no line of one pixel is left in it, so fonts and renderers don't change it; a breast
 * on the other side, another window, another image or another order does, by far more than is allowed. To make them anew:
 * `npx playwright test -c e2e/playwright.config.ts baselines.spec --update-snapshots`, and look at each.
 */
const SIZE = 48;
/** Of the squares one in a hundred may differ by more than this part of the whole range. */
const ALLOWED = { threshold: 0.1, maxDiffPixelRatio: 0.01 };

async function untilAllReady(page: Page, count: number): Promise<void> {
  const hung = page.locator("[data-cell] [data-state][data-count]");
  await expect(hung).toHaveCount(count);
  for (const one of await hung.all()) {
    await expect(one).toHaveAttribute("data-state", "ready");
    await expect(one).toHaveAttribute("data-scale", /\d/);
  }
}

type Change = "as it is" | "mirrored" | "in another order";

/** The reduced picture of all viewports, in reading order. What shows no image is black. */
async function reduced(page: Page, change: Change = "as it is"): Promise<Buffer> {
  const url = await page.locator("[data-cell]").evaluateAll(
    (cells, { size, how }) => {
      const out = document.createElement("canvas");
      [out.width, out.height] = [size * cells.length, size];
      const context = out.getContext("2d");
      if (!context) throw new Error("no 2D context");
      context.fillRect(0, 0, out.width, out.height);
      context.imageSmoothingQuality = "high";
      context.filter = "grayscale(1)";
      const ordered = how === "in another order" ? [...cells.slice(1), ...cells.slice(0, 1)] : cells;
      for (const [at, cell] of ordered.entries()) {
        const canvas = cell.querySelector("canvas");
        if (!canvas) continue;
        context.save();
        context.translate(size * at + (how === "mirrored" ? size : 0), 0);
        context.scale(how === "mirrored" ? -1 : 1, 1);
        // By halves: each square is the mean of all that it stands for, whatever the canvas' size.
        let from: HTMLCanvasElement = canvas;
        while (from.width > size * 2 && from.height > size * 2) {
          const half = document.createElement("canvas");
          [half.width, half.height] = [Math.ceil(from.width / 2), Math.ceil(from.height / 2)];
          half.getContext("2d")?.drawImage(from, 0, 0, half.width, half.height);
          from = half;
        }
        context.drawImage(from, 0, 0, size, size);
        context.restore();
      }
      return out.toDataURL("image/png");
    },
    { size: SIZE, how: change },
  );
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}

const expectAsKept = async (page: Page, name: string) =>
  expect(await reduced(page)).toMatchSnapshot(`${name}.png`, ALLOWED);

/** The comparison itself sees what it is there for: a breast on the other side, and two places swapped. */
async function expectSeesSides(
  page: Page,
  name: string,
  changes: readonly Change[] = ["mirrored", "in another order"],
): Promise<void> {
  for (const change of changes)
    expect(await reduced(page, change), `${name}, ${change}`).not.toMatchSnapshot(`${name}.png`, ALLOWED);
}

/** How far a tomosynthesis picture stands from its edge, in canvas pixels. */
const gapOf = (page: Page, at: number): Promise<number> =>
  page.locator(`[data-cell="${at}"]`).evaluate((element, columns) => {
    const images = element.querySelector<HTMLElement>("[data-count]");
    const { left = "", scale = "" } = images?.dataset ?? {};
    const right = (images?.clientWidth ?? 0) - (Number(left) + columns * Number(scale));
    return Math.abs((element as HTMLElement).dataset.flush === "right" ? right : Number(left));
  }, BTO.columns);

const cell = (page: Page, at: number) => page.locator(`[data-cell="${at}"]`);
const series = (page: Page) =>
  page.locator("[data-cell]").evaluateAll((cells) => cells.map((one) => (one as HTMLElement).dataset.series));

test("chest X-ray with its prior, CT chest, CT head, MR brain and ultrasound hang as they are kept", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openRecord(page, "HOLLIS", /XR Chest.*Not reported|Not reported.*XR Chest/);
  await page.keyboard.press("p");
  await untilAllReady(page, 2);
  await expectAsKept(page, "chest-xray-prior");
  // Two films of one chest: what differs is an effusion in a corner.
  await expectSeesSides(page, "chest-xray-prior", ["mirrored"]);

  await openFromList(page, "ZIELI", "CT Chest follow-up");
  await untilAllReady(page, 2);
  await expectAsKept(page, "ct-chest");
  await expectSeesSides(page, "ct-chest");

  await openFromList(page, "WHITAKER", "CT Head");
  await untilAllReady(page, 1);
  await page.keyboard.press(" ");
  await untilAllReady(page, 2);
  await expectAsKept(page, "ct-head-brain-and-bone");

  await openFromList(page, "WANG", "MR Brain");
  await untilAllReady(page, 3);
  await expectAsKept(page, "mr-brain");

  await openFromList(page, "AHMED", "US Heart");
  await untilAllReady(page, 1);
  await expectAsKept(page, "us");
});

test("mammography: four views with the prior, tomosynthesis with its slab, synthetic images that say so", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "DUFFIELD", "XR Mammogram Both");
  await untilAllReady(page, 4);
  await expectAsKept(page, "mammography");
  await expectSeesSides(page, "mammography");
  await page.keyboard.press("p");
  await untilAllReady(page, 8);
  await expectAsKept(page, "mammography-prior");

  await openFromList(page, "ELLERY", "tomosynthesis");
  await untilAllReady(page, 4);
  for (const at of [1, 2, 3, 4]) await expect(cell(page, at)).toContainText("SYNTHETIC");
  await expectAsKept(page, "mammography-synthetic");
  for (const count of [2, 2, 2]) {
    await page.keyboard.press(" ");
    await untilAllReady(page, count);
  }
  expect(await series(page)).toEqual(["R CC Tomo", "L CC Tomo"]);
  for (const at of [1, 2]) {
    await expect(cell(page, at)).toContainText("CC, TOMOSYNTHESIS");
    await expect(cell(page, at)).toContainText("slab 1 of 9, 5.0 mm");
  }
  for (let press = 0; press < 4; press += 1) await page.keyboard.press("ArrowDown");
  for (const at of [1, 2]) await expect(cell(page, at)).toContainText("slab 5 of 9");
  await untilAllReady(page, 2);
  // Chest walls meet: the right breast at the right edge, the left at the left.
  await expect.poll(() => gapOf(page, 1)).toBeLessThan(1);
  await expect.poll(() => gapOf(page, 2)).toBeLessThan(1);
  await expectAsKept(page, "mammography-tomosynthesis");
  await expectSeesSides(page, "mammography-tomosynthesis");
  await page.screenshot({ path: "../test-results/tomosynthesis.png" });
});

test("mammography: implants displaced hang by themselves, a magnified view after the steps, a specimen never", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "ELLERY", "implants");
  await untilAllReady(page, 4);
  expect(await series(page)).toEqual(["R CC", "L CC", "R MLO", "L MLO"]);
  await expectAsKept(page, "mammography-implants");
  const seen: (string | undefined)[] = [];
  for (const count of [2, 2, 4]) {
    await page.keyboard.press(" ");
    await untilAllReady(page, count);
    seen.push(...(await series(page)));
  }
  expect(await series(page)).toEqual(["R CC ID", "L CC ID", "R MLO ID", "L MLO ID"]);
  await expect(cell(page, 1)).toContainText("CC, implant displaced");
  await expectAsKept(page, "mammography-implants-displaced");
  await page.keyboard.press(" ");
  await untilAllReady(page, 1);
  expect((await series(page)).filter(Boolean)).toEqual(["L CC Magnification"]);
  await expect(cell(page, 1)).toContainText("CC, magnified");
  await expectAsKept(page, "mammography-magnified");
  await page.keyboard.press(" ");
  await untilAllReady(page, 4);
  expect([...seen, ...(await series(page))]).not.toContain("L Specimen");
  // It is in the strip, looked at when it is asked for, and never as a view.
  await page
    .getByRole("navigation", { name: "Series" })
    .getByRole("button", { name: /Specimen/ })
    .click();
  await untilAllReady(page, 4);
  await expect(page.locator("[data-cell][data-series='L Specimen']")).toContainText("SPECIMEN");
  await expect(page.locator("[data-cell][data-series='L Specimen']")).not.toHaveAttribute("data-flush", /./);
});
