import { expect, type Page, test } from "@playwright/test";
import { complaintsOf } from "./looking.ts";
import { base, openFromList, signIn } from "./portal.ts";

const box = (page: Page) => page.getByRole("searchbox", { name: /NHS number, name with date of birth/ });

async function find(page: Page, typed: string): Promise<void> {
  await box(page).fill(typed);
  await box(page).press("Enter");
}
const rowLink = (page: Page, name: RegExp) => page.locator("[data-row]").filter({ hasText: name });

test("one box finds a patient, and their page tells the whole story: by year, with pictures, trusts and what was said", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await signIn(page, "Dr Rohan Patel");
  const complaints = complaintsOf(page);
  await find(page, "999 000 0379");
  await page.waitForURL(/\/patients\/[0-9a-f-]+$/);
  await expect(page.getByTestId("patient-name")).toHaveText("HOLLIS, Margaret");
  expect(page.url()).not.toMatch(/999(%20|\+)?000|hollis/i);

  await expect(rowLink(page, /CT Chest/)).toBeVisible();
  const old = page.getByRole("listitem").filter({ hasText: "Eastbourne, East Sussex Healthcare" }).first();
  await expect(old).toContainText("Reported");
  await expect(old).toContainText("normal chest radiograph");
  // The impression is one line until its row is pointed at, or in focus.
  const lines = () =>
    old.getByText(/normal chest radiograph/).evaluate((text) => getComputedStyle(text).webkitLineClamp);
  expect(await lines()).toBe("1");
  await old.hover();
  expect(await lines()).toBe("none");
  await page.mouse.move(0, 0);
  await old.getByRole("link").first().focus();
  expect(await lines()).toBe("none");
  await expect(page.getByText(/Records may exist that are withheld/)).toBeVisible();

  // The region draws pictures by itself, each minute.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("img", { name: /series, reduced/ }).first()).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 120_000 });
  await page.screenshot({ path: test.info().outputPath("timeline.png"), fullPage: true });
  expect(complaints).toEqual([]);
});

test("the timeline goes by keyboard, filters stand in the address, and Back comes to the same row", async ({
  page,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await find(page, "HOLLIS Margaret 14/3/48");
  await page.waitForURL(/\/patients\//);
  const all = page.locator("[data-row]");
  await expect(all.nth(3)).toBeVisible();
  const count = await all.count();

  await page.getByLabel("Modality", { exact: true }).selectOption("DX");
  await expect(page).toHaveURL(/modality=DX/);
  await expect(all).not.toHaveCount(count);
  await expect(all.nth(1)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Modality", { exact: true })).toHaveValue("DX");

  // After the reload a key is heard once the page's own code runs.
  await expect(async () => {
    await all.first().focus();
    await page.keyboard.press("ArrowDown");
    await expect(all.nth(1)).toBeFocused({ timeout: 1000 });
  }).toPass();
  const opened = await all.nth(1).getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/studies\//);
  await page.goBack();
  await page.waitForURL(/\/patients\/.*modality=DX#study-/);
  await expect(page.locator(`[data-row][href="${opened}"]`)).toBeFocused();
});

test("two studies are chosen to stand side by side, the newer as what is read", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await find(page, "999 000 0379");
  await page.waitForURL(/\/patients\//);
  const links = page.locator("[data-row]");
  await expect(links.nth(3)).toBeVisible();
  const hrefs = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  const last = hrefs.length - 1;
  await page
    .getByRole("button", { name: /^Compare/ })
    .nth(last)
    .click();
  const compare = page.getByRole("link", { name: /^Compare/ }).first();
  expect(await compare.getAttribute("href")).toBe(
    `${hrefs[0]}?prior=${(hrefs[last] ?? "").replace("/studies/", "")}`,
  );
});

test("whom one opened last stands on the look-up page; a name alone finds nobody", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await find(page, "999 000 0379");
  await page.waitForURL(/\/patients\//);
  await page.goto(`${base()}/look-up`);
  const last = page.getByRole("navigation", { name: "Patients you opened last" });
  await expect(last.getByRole("link", { name: "HOLLIS, Margaret" })).toBeVisible();

  await find(page, "HOLLIS Margaret");
  await expect(page.getByText(/Give the full name and the date of birth/)).toBeVisible();
  expect(page.url()).toBe(`${base()}/look-up`);
});

test("from a study one click leads to the whole record, and Back to the study", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await openFromList(page, "HOLLIS", "CT Chest");
  const study = page.url();
  await page.getByRole("link", { name: "Whole record" }).click();
  await page.waitForURL(/\/patients\/[0-9a-f-]+$/);
  await expect(rowLink(page, /CT Chest/).first()).toBeVisible();
  await page.goBack();
  await page.waitForURL(study);
});
