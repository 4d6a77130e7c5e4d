import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { complaintsOf } from "./looking.ts";
import { base, openFromList, openRecord, signIn, untilReady } from "./portal.ts";

const cell = (page: Page, at: number) => page.locator(`[data-cell="${at}"]`);
const images = (page: Page) => page.locator("[data-cell] [data-state][data-count]");

async function untilAllReady(page: Page, count: number): Promise<void> {
  await expect(images(page)).toHaveCount(count);
  for (const one of await images(page).all()) await expect(one).toHaveAttribute("data-state", "ready");
}

const hanging = (page: Page): Promise<string[]> =>
  page.locator("[data-cell]").evaluateAll((cells) =>
    cells.map((one) => {
      const { series, role, window } = (one as HTMLElement).dataset;
      return [series ?? "-", role === "prior" ? "prior" : "", window ?? ""].filter(Boolean).join(", ");
    }),
  );

/** The second window, opened by its key. */
async function openSecond(page: Page): Promise<Page> {
  const opened = page.waitForEvent("popup");
  await page.keyboard.press("s");
  const second = await opened;
  await second.setViewportSize({ width: 1000, height: 700 });
  await expect(second.getByRole("main", { name: "Second screen" })).toBeVisible();
  return second;
}

/** Ranges of archive objects that were fetched, in whichever window. */
function rangesOf(page: Page): string[] {
  const fetched: string[] = [];
  page.context().on("request", (request) => {
    const { range } = request.headers();
    if (request.method() === "GET" && range) fetched.push(`${new URL(request.url()).pathname} ${range}`);
  });
  return fetched;
}

test("the second screen hangs the prior round under the same banner, nothing is fetched twice, and closing it is safe", async ({
  page,
}) => {
  await signIn(page, "Dr Rohan Patel");
  const complaints = complaintsOf(page);
  const fetched = rangesOf(page);
  await openFromList(page, "DUFFIELD", "XR Mammogram Both");
  await untilAllReady(page, 4);
  await page.keyboard.press("p");
  await untilAllReady(page, 8);
  const before = [...fetched];
  expect(before.length).toBeGreaterThan(0);

  const second = await openSecond(page);
  const secondComplaints = complaintsOf(second);
  await untilAllReady(page, 4);
  await untilAllReady(second, 4);
  expect(await hanging(page)).toEqual(["R CC", "L CC", "R MLO", "L MLO"]);
  expect(await hanging(second)).toEqual(["R CC, prior", "L CC, prior", "R MLO, prior", "L MLO, prior"]);
  expect(fetched, "ranges fetched once the second window was open").toEqual(before);
  await expect(second.getByTestId("patient-name")).toHaveText(
    (await page.getByTestId("patient-name").textContent()) ?? "",
  );
  await expect(second.getByText("DEMONSTRATION: patients and staff are invented")).toBeVisible();
  for (const at of [1, 2, 3, 4]) {
    await expect(cell(second, at)).toContainText("PRIOR 3 y");
    await expect(cell(page, at)).toContainText("CURRENT");
  }
  await page.screenshot({ path: "../test-results/screens-first.png" });
  await second.screenshot({ path: "../test-results/screens-second.png" });
  const { violations } = await new AxeBuilder({ page: second })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target).join()}`)).toEqual([]);

  // One key steps through both; its own arrows go from one screen to the other.
  await second.keyboard.press(" ");
  await untilAllReady(page, 2);
  await untilAllReady(second, 2);
  expect([await hanging(page), await hanging(second)]).toEqual([
    ["R CC", "L CC"],
    ["R CC, prior", "L CC, prior"],
  ]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(cell(second, 1)).toHaveAttribute("aria-current", "true");
  await expect(cell(page, 1)).not.toHaveAttribute("aria-current", "true");
  await page.keyboard.press("i");
  await expect(page.getByRole("button", { name: "Invert (I)" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("r");

  // The window is gone before its key comes up.
  await Promise.all([second.waitForEvent("close"), second.keyboard.press("Escape").catch(() => {})]);
  await untilAllReady(page, 8);
  expect(fetched, "ranges fetched once it was closed").toEqual(before);
  expect([...complaints, ...secondComplaints]).toEqual([]);
});

test("what hangs on the second screen scrolls with the first, takes a drag of the mouse, and a series of another study by no way", async ({
  page,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await openFromList(page, "ZIELI", "CT Chest follow-up");
  await untilAllReady(page, 2);
  await page.keyboard.press("p");
  await expect(cell(page, 2)).toHaveAttribute("data-role", "prior");
  await untilAllReady(page, 2);
  const second = await openSecond(page);
  await untilAllReady(page, 2);
  await untilAllReady(second, 2);
  expect(await hanging(second)).toEqual(["Chest 4 mm, prior, Soft tissue", "Chest 4 mm, prior, Lung"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  for (const at of [1, 2])
    await expect(cell(second, at).locator("[data-count]")).toHaveAttribute("data-index", "2");
  // A picture that is on its way takes no drag.
  await untilAllReady(second, 2);

  const box = await cell(second, 1).boundingBox();
  const windowText = async () => ((await cell(second, 1).textContent()) ?? "").match(/C -?\d+ W \d+/)?.[0];
  const was = await windowText();
  if (!box) throw new Error("no viewport");
  await second.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await second.mouse.down();
  await second.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 40, { steps: 6 });
  await second.mouse.up();
  await expect.poll(windowText).not.toBe(was);

  await cell(second, 2).evaluate((element) => {
    const data = new DataTransfer();
    const other = { studyId: "00000000-0000-7000-8000-000000000000", seriesId: "x" };
    data.setData("application/x-weald-series", JSON.stringify(other));
    element.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: data }));
  });
  await expect(page.getByText("That series is of a study that isn't open here.")).toBeVisible();
  expect(await hanging(second)).toEqual(["Chest 4 mm, prior, Soft tissue", "Chest 4 mm, prior, Lung"]);

  // Another study: the second window stays, and shows nothing of the one before.
  await page.keyboard.press("Escape");
  await expect(second.getByText("No study is open in the first window.")).toBeVisible();
  await expect(second.getByTestId("patient-name")).toHaveCount(0);
  await openFromListStaying(page, "WHITAKER", "CT Head");
  await expect(second.getByTestId("patient-name")).toContainText("WHITAKER");
  await expect(second.getByRole("navigation", { name: "Series" })).not.toContainText("Chest");

  await page.close();
  await expect.poll(() => second.isClosed()).toBe(true);
});

/** By the list that is there: the page is not loaded anew. */
async function openFromListStaying(page: Page, patient: string, study: string): Promise<void> {
  await openRecord(page, patient, new RegExp(study));
  await untilReady(page);
}

test("a lock covers both windows", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await openFromList(page, "WHITAKER", "CT Head");
  await untilAllReady(page, 1);
  const second = await openSecond(page);
  await second.getByRole("navigation", { name: "Series" }).getByRole("button").first().click();
  await untilAllReady(second, 1);
  const other = await page.context().newPage();
  await other.goto(`${base()}/worklist`);
  await other.getByRole("button", { name: /Lock/ }).first().click();
  for (const one of [page, second]) {
    await expect(one.getByRole("alertdialog", { name: "This page is locked" })).toBeVisible();
    await expect(one.getByTestId("patient-name")).toBeHidden();
    await expect(one.locator("canvas").first()).toBeHidden();
  }
  await second.keyboard.press("Escape");
  expect(second.isClosed()).toBe(false);
});

test("a browser that blocks the second window changes nothing else, and the viewer says so", async ({
  page,
}) => {
  await page.addInitScript(() => {
    window.open = () => null;
  });
  await signIn(page, "Dr Rohan Patel");
  await openFromList(page, "WHITAKER", "CT Head");
  await page.keyboard.press("s");
  await expect(page.getByText("The browser blocked the second window.")).toBeVisible();
  await untilAllReady(page, 1);
});

test("who reads a study stands on its row and in its banner for the others, until they leave; one key copies the NHS number", async ({
  page,
  browser,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await openFromList(page, "WHITAKER", "CT Head");
  await untilAllReady(page, 1);
  const elsewhere = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/London" });
  const other = await elsewhere.newPage();
  await signIn(other, "Dr Amara Okafor");
  const row = other.getByRole("row").filter({ hasText: "WHITAKER" }).first();
  await expect(row).toContainText(/Reading now: Dr Rohan Patel, .+, since \d\d:\d\d/);
  await row.getByRole("link").first().click();
  await untilReady(other);
  await expect(other.getByText(/Reading now: Dr Rohan Patel, .+, since \d\d:\d\d/)).toBeVisible();
  await other.screenshot({ path: "../test-results/reading-now.png" });

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: base() });
  await page.keyboard.press("a");
  await expect(page.getByText("The NHS number is copied.")).toBeVisible();
  const shown = await page.getByRole("region", { name: "Patient" }).textContent();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^\d{10}$/);
  expect(shown?.replaceAll(" ", "")).toContain(copied);

  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/worklist/);
  await other.keyboard.press("Escape");
  await expect(row).toBeVisible();
  await expect(row).not.toContainText("Reading now");
  await elsewhere.close();
});
