import { expect, type Page, test } from "@playwright/test";
import { CHEST_RULER, MG, MG_RULER, type Ruler, US_RULER } from "@weald/dev-env/phantoms";
import { measure, openFromList, openRecord, signInAgain, untilReady, viewportOf } from "./portal.ts";

const middle = (at: { column: number; row: number }) => ({ column: at.column + 0.5, row: at.row + 0.5 });

/** Draws the phantom's own ruler and reads what stands beside the line. */
async function measuredText(page: Page, ruler: Ruler): Promise<string> {
  await measure(page, middle(ruler.from), middle(ruler.to));
  const label = page.locator("svg text").filter({ hasText: /mm|px/ }).first();
  await expect(label).toBeVisible();
  return (await label.textContent()) ?? "";
}

const millimetresIn = (text: string): number => Number(/([\d.]+) mm/.exec(text)?.[1]);

async function open(page: Page, patient: string, study: string): Promise<void> {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, patient, study);
}

test("a chest radiograph says that its lengths are at the detector, and which way the patient faces", async ({
  page,
}) => {
  await open(page, "HOLLIS", "XR Chest");
  const overlay = page.getByTestId("overlay");
  await expect(overlay).toContainText("R");
  await expect(overlay).toContainText("H");
  const text = await measuredText(page, CHEST_RULER);
  expect(text).toContain("at the detector");
  expect(Math.abs(millimetresIn(text) - CHEST_RULER.lengthMm)).toBeLessThan(1);
});

test("a mammogram has its side in the viewport with its source, and its lengths corrected or at the detector", async ({
  page,
}) => {
  await open(page, "DUFFIELD", "XR Mammogram Both");
  const overlay = page.getByTestId("overlay");
  await expect(overlay).toContainText("by Image Laterality");
  for (const view of ["R CC", "L CC", "R MLO", "L MLO"]) {
    await page
      .getByRole("navigation", { name: "Series" })
      .getByRole("button", { name: new RegExp(view) })
      .click();
    await untilReady(page);
    await expect(overlay).toContainText(`MG ${view}`);
    await expect(overlay.locator("strong").filter({ hasText: view.slice(0, 1) })).toBeVisible();
  }
  const text = await measuredText(page, MG_RULER);
  expect(text).toContain(`corrected for magnification ${MG.magnification}`);
  expect(Math.abs(millimetresIn(text) - MG_RULER.lengthMm / MG.magnification)).toBeLessThan(1);
});

test("an ultrasound loop plays in colour, and measures only inside its calibrated region", async ({
  page,
}) => {
  await open(page, "AHMED", "US Heart");
  await expect(viewportOf(page)).toHaveAttribute("data-count", "24");
  const text = await measuredText(page, US_RULER);
  expect(text).toContain("ultrasound region");
  expect(Math.abs(millimetresIn(text) - US_RULER.lengthMm)).toBeLessThan(1);
  await page.keyboard.press("c");
  await expect(viewportOf(page)).toHaveAttribute("data-index", /^[4-9]$/);
  await page.keyboard.press("c");
  await page.keyboard.press("Home");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "0");
  await untilReady(page);
  const outside = await measuredTextLast(page, {
    from: { column: 4, row: 120 },
    to: { column: 10, row: 120 },
    lengthMm: 0,
  });
  expect(outside).toContain("no scale here");
});

async function measuredTextLast(page: Page, ruler: Ruler): Promise<string> {
  await measure(page, middle(ruler.from), middle(ruler.to));
  const label = page.locator("svg text").filter({ hasText: "no scale" }).last();
  await expect(label).toBeVisible();
  return (await label.textContent()) ?? "";
}

test("RLE-compressed colour is shown like the rest", async ({ page }) => {
  await open(page, "MOREAU", "US Heart");
  await page.keyboard.press("ArrowDown");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "1");
  await untilReady(page);
});

test("MR has its sequences side by side in the strip, and Space goes through them", async ({ page }) => {
  await open(page, "WANG", "MR Brain");
  const overlay = page.getByTestId("overlay");
  await expect(overlay).toContainText("MR T1");
  await page.keyboard.press(" ");
  await untilReady(page);
  await expect(overlay).toContainText("MR T2");
  await page.keyboard.press("Shift+ ");
  await untilReady(page);
  await expect(overlay).toContainText("MR T1");
  await expect(page.getByTestId("patient-name")).toContainText("王 小明");
});

test("a study that is short says so in list, strip and viewport, and nothing says complete", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  const row = page.getByRole("row").filter({ hasText: "OSEI" }).filter({ hasText: "CT Chest" });
  await expect(row).toContainText("37 of 80, short by 43");
  await row.getByRole("link").click();
  await untilReady(page);
  await expect(page.getByTestId("overlay")).toContainText("37 of 80, short by 43");
  await expect(page.getByRole("navigation", { name: "Series" })).toContainText("37 of 80, short by 43");
  await expect(page.locator("#content")).not.toContainText(/complete by/);
});

test("sides in conflict and sides that are absent ask, and are never guessed", async ({ page }) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "PETROVA", "XR Knee Left");
  await expect(page.getByTestId("overlay")).toContainText(
    /side\? .* says L, .* says R|side\? .* says R, .* says L/,
  );
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: "My list" })).toBeVisible();
  await openRecord(page, "PETROVA", /^.*XR Knee(?! )/);
  await expect(page.getByTestId("overlay")).toContainText("side? the image says no side");
});

test("a dose report reads as text", async ({ page }) => {
  await open(page, "HOLLIS", "CT Chest");
  await page.getByRole("navigation", { name: "Series" }).getByRole("button", { name: /SR/ }).click();
  const document = page.getByRole("region", { name: "Document" });
  await expect(document).toContainText(/dose/i);
  await expect(document).toContainText(/mGy/);
});

test("an older study says PRIOR and how much older; the newest says CURRENT", async ({ page }) => {
  await open(page, "WHITAKER", "CT Head");
  await expect(page.getByTestId("currency")).toHaveText("CURRENT");
  await page.keyboard.press("Escape");
  await openFromList(page, "HOLLIS", "XR Chest");
  await expect(page.getByTestId("currency")).toHaveText(/^PRIOR \d/);
});

test("who turns back before the next image has come stands where they were, with its picture", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  // All but the first image are held up on their way here, until the reader is back.
  let asked = 0;
  let letGo: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/archive\//, async (route) => {
    asked += 1;
    if (asked > 1) await held;
    await route.continue();
  });
  await openFromList(page, "GRAY", "CT Head");
  const viewport = viewportOf(page);
  await page.keyboard.press("End");
  await expect(viewport).toHaveAttribute("data-state", "loading");
  await expect(viewport).toHaveAttribute("data-index", "59");
  await expect(page.getByTestId("overlay")).toContainText("not full detail");
  await page.keyboard.press("Home");
  await expect(viewport).toHaveAttribute("data-index", "0");
  await untilReady(page);
  letGo();
  await page.keyboard.press("End");
  await expect(viewport).toHaveAttribute("data-index", "59");
  await untilReady(page);
});

test("the keyboard does it all: scroll, ends, windows, invert, zoom, reset, report, help", async ({
  page,
}) => {
  await open(page, "WHITAKER", "CT Head");
  const viewport = viewportOf(page);
  await page.keyboard.press("End");
  await expect(viewport).toHaveAttribute("data-index", "59");
  await page.keyboard.press("Home");
  await expect(viewport).toHaveAttribute("data-index", "0");
  for (let press = 0; press < 5; press += 1) await page.keyboard.press("ArrowDown");
  await expect(viewport).toHaveAttribute("data-index", "5");
  await untilReady(page);
  await page.keyboard.press("2");
  await expect(page.getByTestId("window")).toContainText(/C \d+ W \d+/);
  const before = Number(await viewport.getAttribute("data-scale"));
  await page.keyboard.press("+");
  await expect.poll(async () => Number(await viewport.getAttribute("data-scale"))).toBeGreaterThan(before);
  await page.keyboard.press("r");
  await expect.poll(async () => Number(await viewport.getAttribute("data-scale"))).toBeCloseTo(before, 3);
  await page.keyboard.press("i");
  await expect(page.getByRole("button", { name: "Invert (I)" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("d");
  await expect(page.getByRole("complementary", { name: "Report" })).toContainText("With addendum");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toHaveCount(0);
  await page.mouse.move(640, 400);
  await page.mouse.wheel(0, 120);
  await expect(viewport).toHaveAttribute("data-index", "6");
});
