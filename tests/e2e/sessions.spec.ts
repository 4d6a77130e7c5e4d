import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, openFromList, signIn, untilReady, viewportOf } from "./portal.ts";

const QUARTER = 15 * 60_000;

/** Clicks what opens the window of the identity provider, and chooses there. */
async function signInBeside(context: BrowserContext, page: Page, button: RegExp, who: string, trust: string) {
  const opened = context.waitForEvent("page");
  await page.getByRole("button", { name: button }).click();
  const provider = await opened;
  const closed = provider.waitForEvent("close");
  await provider
    .getByRole("region", { name: trust })
    .getByRole("button", { name: new RegExp(who) })
    .click();
  await closed;
}

/** Where the reader is: series, slice, place and window, as the viewport says them and as they stand beside the image. */
const placeOf = (page: Page) =>
  viewportOf(page).evaluate((element) => ({
    ...(element as HTMLElement).dataset,
    says: element.parentElement?.textContent ?? "",
  }));

/** A key is heard before the image that it asks for is here. */
async function untilAt(page: Page, image: RegExp): Promise<void> {
  await expect.poll(async () => (await placeOf(page)).says).toMatch(image);
  await untilReady(page);
}

/** A place that two looks agree on: what comes with a page late has come. */
async function steadyPlaceOf(page: Page) {
  const looks = [await placeOf(page)];
  await expect
    .poll(
      async () => {
        looks.push(await placeOf(page));
        return JSON.stringify(looks.at(-1)) === JSON.stringify(looks.at(-2));
      },
      { intervals: [250] },
    )
    .toBe(true);
  return looks.at(-1);
}

test("a page that nobody uses warns, locks over all tabs, shows nothing, and comes back to the same image with nothing loaded anew", async ({
  page,
  context,
}) => {
  test.setTimeout(180_000);
  const complaints = complaintsOf(page);
  await signIn(page, "Dr Rohan Patel");
  const other = await context.newPage();
  await other.goto(`${base()}/worklist`);
  await openFromList(page, "BEAUMONT", "CT Head");
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("2");
  await untilAt(page, /Image 4 of/);
  const before = await steadyPlaceOf(page);

  // Only now: a click waits for turns of the screen, which an installed clock holds.
  await page.clock.install();
  await page.clock.fastForward(QUARTER - 30_000);
  await expect(page.getByText(/It locks in/)).toBeVisible();
  await page.mouse.move(300, 300);
  await page.mouse.move(320, 320);
  await expect(page.getByText(/It locks in/)).toBeHidden();

  await page.clock.fastForward(QUARTER + 1000);
  const cover = page.getByRole("alertdialog", { name: "This page is locked" });
  await expect(cover).toBeVisible();
  await expect(other.getByRole("alertdialog", { name: "This page is locked" })).toBeVisible();
  await expect(page.getByTestId("patient-name")).toBeHidden();
  await expect(viewportOf(page)).toBeHidden();
  await expect(other.getByRole("table")).toBeHidden();
  expect(await page.locator("body > :not([data-cover]):not(script):not([inert])").count()).toBe(0);
  // What is covered hears nothing.
  for (const key of ["ArrowDown", "1", "i", "Escape"]) await page.keyboard.press(key);

  // The server holds to it too, whatever the page does.
  const asked = await page.request.get(`${base()}/api/trpc/organisation.list?input=%7B%7D`);
  expect([asked.status(), await asked.text()]).toEqual([401, expect.stringContaining("SESSION_LOCKED")]);
  const anew = await context.newPage();
  await anew.goto(`${base()}/worklist`);
  await expect(anew.getByRole("alertdialog", { name: "This page is locked" })).toBeVisible();
  expect(await anew.content()).not.toContain("BEAUMONT");
  await anew.close();

  let loads = 0;
  page.on("framenavigated", () => {
    loads += 1;
  });
  await signInBeside(context, page, /Unlock/, "Dr Rohan Patel", "Royal Surrey");
  await expect(cover).toBeHidden();
  await expect(viewportOf(page)).toBeVisible();
  expect(await placeOf(page)).toEqual(before);
  // In under three seconds (clinical page §6), because there is nothing to wait for.
  expect(loads).toBe(0);
  await expect(other.getByRole("table")).toBeVisible();
  // And it goes on: other images come, under the new session.
  await page.keyboard.press("ArrowDown");
  await untilAt(page, /Image 5 of/);
  expect(complaints.filter((one) => !one.includes("401"))).toEqual([]);
});

test("a locked page doesn't open for somebody else: they begin anew", async ({ page, context }) => {
  await signIn(page, "Dr Rohan Patel");
  await openFromList(page, "BEAUMONT", "CT Head");
  await page.goto(`${base()}/look-up`);
  await page.getByRole("button", { name: "Lock" }).click();
  await expectCover(page);
  await signInBeside(context, page, /Unlock/, "Ms Grace Fielding", "East Sussex Healthcare");
  await page.waitForURL(`${base()}/worklist`);
  await expect(page.getByText("Ms Grace Fielding").first()).toBeVisible();
});

async function expectCover(page: Page): Promise<void> {
  await expect(page.getByRole("alertdialog", { name: "This page is locked" })).toBeVisible();
}

test("a sign-out at the identity provider closes an open page, in words, and the way back is kept", async ({
  page,
  context,
}) => {
  await signIn(page, "Mr Owen Hartley");
  await page.goto(`${base()}/upload`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const provider = await context.newPage();
  const issuer = `http://127.0.0.1:${Number(process.env.WEALD_E2E_PORT) + 2}`;
  await provider.goto(`${issuer}/session/end`);
  await provider.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/\/sign-in\?ended=back-channel&from=%2Fupload/, { timeout: 30_000 });
  await expect(page.getByText("signed out at the identity provider")).toBeVisible();
  await page.getByRole("button", { name: /Sign in/ }).click();
  await page.getByRole("button", { name: /Mr Owen Hartley/ }).click();
  await page.waitForURL(`${base()}/upload`);
});

test("signing out signs out of the identity provider too, and the door says so", async ({ page }) => {
  const complaints = complaintsOf(page);
  await signIn(page, "Mrs Helen Whitlock");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${base()}/sign-in?state=signed-out`);
  await expectAccessible(page, () =>
    expect(page.getByText("signed out of Weald and of the identity provider")).toBeVisible(),
  );
  await page.goto(`${base()}/worklist`);
  await expect(page).toHaveURL(/\/sign-in\?from=/);
  expect(complaints).toEqual([]);
});

test("with two contracts one changes the role, sees for which trust one acts, and comes back to the same place", async ({
  page,
}) => {
  await signIn(page, "Miss Priya Nair", "Queen Victoria Hospital");
  await page.goto(`${base()}/look-up`);
  const header = page.locator("header").first();
  await expect(header).toContainText("for Queen Victoria Hospital");
  await page.getByRole("link", { name: "Change role" }).click();
  await page
    .getByRole("region", { name: "Ashford and St Peter's Hospitals" })
    .getByRole("button", { name: /Priya Nair/ })
    .click();
  await page.waitForURL(`${base()}/look-up`);
  await expect(header).toContainText("for Ashford and St Peter's Hospitals");
});

test("an administrator gives an activity and ends it; it counts from the next page", async ({
  page,
  browser,
}) => {
  const grace = await (await browser.newContext()).newPage();
  await signIn(grace, "Ms Grace Fielding");
  await expect(grace.getByRole("link", { name: "Quarantine" })).toHaveCount(0);

  await signIn(page, "Mr Tom Reyes");
  await page.goto(`${base()}/administration/people`);
  await expectAccessible(page, () =>
    expect(page.getByRole("listitem", { name: "Ms Grace Fielding" })).toBeVisible(),
  );
  const person = page.getByRole("listitem", { name: "Ms Grace Fielding" });
  await person.getByRole("button", { name: "Give an activity…" }).click();
  await person
    .getByRole("combobox", { name: "Activity" })
    .selectOption({ label: "Manage quarantine and corrections" });
  await person
    .getByLabel("Until the end of")
    .fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
  await person.getByLabel("Why").fill("covers for a colleague");
  await person.getByRole("button", { name: "Give it" }).click();
  await expect(person.getByText("Given", { exact: true })).toHaveCount(1);
  await expect(person.getByText("covers for a colleague")).toBeVisible();
  await grace.reload();
  await grace.getByRole("link", { name: "Quarantine" }).click();
  await expect(grace.getByRole("heading", { name: "Quarantine" })).toBeVisible();

  await person.getByRole("button", { name: "End it…" }).click();
  await person.getByLabel("Why it ends").fill("the colleague is back");
  await person.getByRole("button", { name: "End it now" }).click();
  await expect(person.getByText("Given", { exact: true })).toHaveCount(0);
  await grace.goto(`${base()}/quarantine`);
  await expect(grace.getByText("Your role doesn't include this")).toBeVisible();
  await grace.context().close();
});
