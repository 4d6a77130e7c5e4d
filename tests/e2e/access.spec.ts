import { expect, test } from "@playwright/test";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, rowInList, signIn, untilReady } from "./portal.ts";

async function lookUp(page: import("@playwright/test").Page, nhsNumber: string): Promise<void> {
  await page.goto(`${base()}/look-up`);
  await page.getByRole("textbox", { name: "NHS number" }).fill(nhsNumber);
  // Until the page's own code runs, Enter does nothing: the browser would put what was typed into the address.
  await expect(page.getByRole("button", { name: "Look up" })).toBeEnabled();
  await page.keyboard.press("Enter");
}

test("a clinician starts from their own patients, looks anyone else up, says why, and then sees images and report", async ({
  page,
}) => {
  await signIn(page, "Mr Daniel Ashdown");
  await expect(
    page.getByText("Patients with whom you have a relationship. Look anyone else up."),
  ).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "WHITAKER" })).toHaveCount(0);

  await lookUp(page, "999 000 0018");
  await expect(page.getByText(/no valid NHS number|Nobody|No patient/)).toBeVisible();

  await page.goto(`${base()}/look-up`);
  await page.getByRole("radio", { name: "Name and date of birth" }).check();
  await page.getByLabel("Family name").fill("whitaker");
  await page.getByLabel("Given name").fill("Ruth");
  await page.getByRole("textbox", { name: "Date of birth" }).fill("1966-08-08");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("link", { name: "Open record" }).click();
  await page.waitForURL(/\/patients\//);
  await expect(page.locator("[data-row]")).toHaveCount(0);
  await expectAccessible(page, () =>
    expect(page.getByRole("button", { name: /treating this patient now/ })).toBeVisible(),
  );
  await page.getByRole("button", { name: /treating this patient now/ }).click();
  await page.locator("[data-row]").filter({ hasText: "CT Head" }).first().click();
  await untilReady(page);
  await page.keyboard.press("d");
  await expect(page.getByRole("complementary", { name: "Report" })).toContainText("No haemorrhage. No mass.");
  await page.goto(`${base()}/worklist`);
  const row = await rowInList(page, "WHITAKER", "CT Head");
  // What the report comes to, for who points at the row or stands on it.
  const impression = page.getByRole("tooltip");
  const { x = 0, y = 0 } = (await row.boundingBox()) ?? {};
  await page.mouse.move(x + 20, y + 5);
  await page.mouse.move(x + 30, y + 8, { steps: 3 });
  await expect(impression).toContainText("normal for age");
  await page.keyboard.press("Escape");
  await expect(impression).toBeHidden();
  // The pointer still rests where it was, over whatever scrolls below it.
  await row.getByRole("link").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(row.getByRole("link")).toHaveAccessibleDescription(/normal for age/);
});

test("a sensitive record stands on no list but its custodian's, and opens for nobody else", async ({
  page,
  browser,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  await expect(page.getByText("REDACTED")).toHaveCount(0);

  const own = await browser.newPage();
  await signIn(own, "Dr Amara Okafor", "East Sussex Healthcare");
  const link = own.getByRole("row").filter({ hasText: "REDACTED" }).getByRole("link");
  const href = await link.getAttribute("href");
  await own.close();
  await page.goto(`${base()}${href}`);
  await expect(page.getByText("This record is restricted")).toBeVisible();
  await expect(page.getByText("REDACTED")).toHaveCount(0);
});

test("without a session nothing opens: pages lead to signing in, procedures refuse, and the way back is kept", async ({
  page,
  request,
}) => {
  const id = "00000000-0000-7000-8000-000000000000";
  for (const path of [
    "/worklist",
    "/look-up",
    "/upload",
    "/quarantine",
    "/pairs",
    `/studies/${id}`,
    `/patients/${id}`,
  ]) {
    await page.goto(`${base()}${path}`);
    await expect(page).toHaveURL(`${base()}/sign-in?from=${encodeURIComponent(path)}`);
  }
  const input = encodeURIComponent(JSON.stringify({ "0": {} }));
  const answer = await request.get(`${base()}/api/trpc/worklist.list?batch=1&input=${input}`);
  expect(answer.status()).toBe(401);
  expect(await answer.text()).not.toMatch(/stack|\.ts:/);
  const forged = await request.get(`${base()}/api/trpc/worklist.list?batch=1&input=${input}`, {
    headers: { authorization: "Bearer eyJhbGciOiJub25lIn0.eyJ1aWQiOiIxIn0.x" },
  });
  expect(forged.status()).toBe(401);
});

test("another site can't make a signed-in browser act", async ({ page }) => {
  await signIn(page, "Dr Ines Marlow");
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const post = (headers: Record<string, string>) =>
    fetch(`${base()}/api/trpc/access.stateRelationship`, {
      method: "POST",
      headers: { cookie: cookies, "content-type": "application/json", ...headers },
      body: JSON.stringify({ patientId: "00000000-0000-7000-8000-000000000000", statement: "treating-now" }),
    });
  expect((await post({ origin: "https://elsewhere.example" })).status).toBe(403);
  expect((await post({})).status).toBe(403);
  expect(
    (
      await fetch(`${base()}/api/trpc/access.stateRelationship?input=%7B%7D`, {
        headers: { cookie: cookies },
      })
    ).status,
  ).toBe(405);
  for (const { name, httpOnly, sameSite } of await page.context().cookies())
    if (name.startsWith("weald.session"))
      expect({ httpOnly, sameSite }).toEqual({ httpOnly: true, sameSite: "Lax" });
});

test("signing out ends the session, and signing in again may be as somebody else", async ({ page }) => {
  const complaints = complaintsOf(page);
  await signIn(page, "Ms Grace Fielding");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto(`${base()}/worklist`);
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, "Miss Priya Nair", "Queen Victoria Hospital");
  await expect(page.getByText("Queen Victoria Hospital").first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test("a press is never lost to a page whose code is on its way: until it runs, the button can't be pressed", async ({
  page,
}) => {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/_next/static/**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${base()}/sign-in`, { waitUntil: "commit" });
  const button = page.getByRole("button", { name: "Sign in with NHS CIS2" });
  await expect(button).toBeVisible();
  await expect(button).toBeDisabled();
  release();
  await button.click();
  await expect(page.getByRole("button", { name: /Dr Rohan Patel/ }).first()).toBeVisible();
});

test("filters narrow the list, stand in the address and survive a reload", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await page.getByLabel("Modality").selectOption("MG");
  await expect(page.getByRole("row").filter({ hasText: "CT Head" })).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "XR Mammogram Both" }).first()).toBeVisible();
  await page.getByLabel("Trust").selectOption("RXC");
  await expect(page.getByRole("row").filter({ hasText: "DUFFIELD" })).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "CARRINGTON" })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Modality")).toHaveValue("MG");
  await expect(page.getByRole("row").filter({ hasText: "CARRINGTON" })).toBeVisible();
  await page.goto(`${base()}/worklist`);
  await page.getByLabel("Report").selectOption({ label: "Preliminary" });
  await expect(page.getByRole("row").filter({ hasText: "Preliminary report" })).toHaveCount(1);
  await page.goto(`${base()}/worklist`);
  await page.getByLabel("Arriving or short").click();
  await expect(page.getByRole("row").filter({ hasText: "WHITAKER" })).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "short by 43" })).toBeVisible();
  await page.goto(`${base()}/worklist`);
  await page.getByLabel("From").fill("2019-01-01");
  await page.getByLabel("To").fill("2020-12-31");
  await expect(page.getByRole("row").filter({ hasText: "HOLLIS" })).toHaveCount(1);
});

test("what is typed before the page's own code runs never gets into the address", async ({ page }) => {
  await signIn(page, "Dr Ines Marlow");
  // A slow line: the page is here, its code is not.
  await page.route("**/_next/static/**/*.js", (route) => route.abort());
  await page.goto(`${base()}/look-up`);
  const field = page.getByRole("textbox", { name: "NHS number" });
  await field.fill("9990007403");
  await field.press("Enter");
  await expect(page.getByRole("button", { name: "Look up" })).toBeDisabled();
  expect(page.url()).toBe(`${base()}/look-up`);
});
