import { expect, type Page, test } from "@playwright/test";
import { complaintsOf, expectAccessible, expectNoSideways } from "./looking.ts";
import { base, openFromList, signInAgain, untilReady } from "./portal.ts";

type Place = { name: string; who: string; path: string; shows(page: Page): Promise<void> };

const heading = (name: string) => (page: Page) =>
  expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

const PLACES: readonly Place[] = [
  {
    name: "a radiologist's list",
    who: "Dr Rohan Patel",
    path: "/worklist",
    shows: (page) => expect(page.getByRole("row").nth(3)).toBeVisible(),
  },
  {
    name: "a coordinator's empty list",
    who: "Ms Beth Calloway",
    path: "/worklist",
    shows: (page) => expect(page.getByText("Patients on the lists of your meetings.")).toBeVisible(),
  },
  { name: "the meetings", who: "Ms Beth Calloway", path: "/meetings", shows: heading("Meetings") },
  {
    name: "series of meetings",
    who: "Ms Beth Calloway",
    path: "/meetings/series",
    shows: (page) => expect(page.getByRole("list", { name: "Members of Lung MDT" })).toBeVisible(),
  },
  {
    name: "a coordinator's figures",
    who: "Ms Beth Calloway",
    path: "/meetings/figures",
    shows: heading("Imaging and reports at the meeting"),
  },
  {
    name: "cases to prepare",
    who: "Dr Amara Okafor",
    path: "/prepare",
    shows: (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible(),
  },
  { name: "actions", who: "Dr Rohan Patel", path: "/actions", shows: heading("Actions") },
  { name: "what is asked", who: "Dr Rohan Patel", path: "/meetings/asked", shows: heading("Asked of you") },
  { name: "the look-up", who: "Dr Ines Marlow", path: "/look-up", shows: heading("Look up a patient") },
  { name: "referrals", who: "Dr Ines Marlow", path: "/referrals", shows: heading("Referrals") },
  { name: "adding images", who: "Ms Grace Fielding", path: "/upload", shows: heading("Add images") },
  {
    name: "the quarantine",
    who: "Mr Tom Reyes",
    path: "/quarantine",
    shows: (page) => expect(page.getByText("REPORT_PATIENT_MISMATCH").first()).toBeVisible(),
  },
  { name: "the corrections", who: "Mr Tom Reyes", path: "/corrections", shows: heading("Corrections") },
  {
    name: "the operations of a trust",
    who: "Mr Tom Reyes",
    path: "/operations",
    async shows(page) {
      await expect(page.getByText("Loading …")).toHaveCount(0);
      await expect(page.getByText("couldn't be read")).toHaveCount(0);
      await expect(page.getByText("As of")).toHaveCount(5);
      await expect(page.getByRole("link", { name: "Decide in Quarantine" })).toBeVisible();
    },
  },
  {
    name: "who looked",
    who: "Mr Edmund Frost",
    path: "/audit",
    shows: heading("Who looked"),
  },
  {
    name: "unusual access",
    who: "Mr Edmund Frost",
    path: "/audit/unusual",
    shows: heading("Unusual access"),
  },
  {
    name: "a Caldicott Guardian's restrictions",
    who: "Dr Miriam Sewell",
    path: "/restrictions",
    shows: heading("Restrictions"),
  },
  {
    name: "a safety officer's counts",
    who: "Mr Callum Drake",
    path: "/counts",
    shows: (page) => expect(page.getByRole("row").nth(1)).toBeVisible(),
  },
  {
    name: "a safety officer's quarantine",
    who: "Mr Callum Drake",
    path: "/quarantine",
    async shows(page) {
      await expect(page.getByText("REPORT_PATIENT_MISMATCH").first()).toBeVisible();
      await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
    },
  },
  { name: "restrictions", who: "Mr Edmund Frost", path: "/restrictions", shows: heading("Restrictions") },
  { name: "who is who", who: "Mr Tom Reyes", path: "/pairs", shows: heading("Who is who") },
  {
    name: "where one is signed in",
    who: "Dr Rohan Patel",
    path: "/sessions",
    shows: heading("Where you are signed in"),
  },
  { name: "the display test", who: "Dr Rohan Patel", path: "/display-test", shows: heading("Display test") },
  {
    name: "a refusal",
    who: "Dr Rohan Patel",
    path: "/quarantine",
    shows: (page) => expect(page.getByText("Your role doesn't include this")).toBeVisible(),
  },
  {
    name: "what isn't there",
    who: "Dr Rohan Patel",
    path: "/studies/00000000-0000-7000-8000-000000000000",
    shows: (page) =>
      expect(page.getByRole("heading", { name: "There is nothing here that you may see" })).toBeVisible(),
  },
];

const PHONE = { width: 390, height: 844 };
const SMALL_SCREEN = { width: 1280, height: 720 };

for (const { name, who, path, shows } of PLACES) {
  test(`${name} is accessible in both themes, fits a phone and a small screen, and says no error`, async ({
    page,
  }) => {
    const isMissing = name === "what isn't there";
    await signInAgain(page, who);
    const complaints = complaintsOf(page);
    await page.goto(`${base()}${path}`);
    await expectAccessible(page, () => shows(page));
    for (const size of [PHONE, SMALL_SCREEN]) {
      await page.setViewportSize(size);
      await expectNoSideways(page);
    }
    // A page that isn't there answers 404, and the browser says so.
    expect(complaints.filter((one) => !(isMissing && one.includes("404")))).toEqual([]);
  });
}

test("in the reading room's theme a page is dark before any style or program of it: no white flash", async ({
  page,
}) => {
  await page.context().addCookies([{ name: "weald.theme", value: "dark", url: base() }]);
  const html = await (await page.request.get(`${base()}/sign-in`)).text();
  expect(html).toMatch(/<html[^>]*data-theme="dark"/);
  expect(html).toMatch(/<meta name="color-scheme" content="dark"/);
});

test("the sign-in pages are accessible in both themes", async ({ page }) => {
  await page.goto(`${base()}/sign-in`);
  await expectAccessible(page, () => expect(page.getByRole("button", { name: /Sign in/ })).toBeVisible());
  await page.getByRole("button", { name: /Sign in/ }).click();
  await expect(page.getByRole("button", { name: /Dr Rohan Patel/ })).toBeVisible();
  await expectNoSideways(page);
});

test("a study with its report is accessible in both themes and says that it is no medical device", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  const complaints = complaintsOf(page);
  await openFromList(page, "WHITAKER", "CT Head");
  await expectAccessible(page, async () => {
    await untilReady(page);
    await page.keyboard.press("d");
    await expect(page.getByRole("complementary", { name: "Report" })).toBeVisible();
  });
  await expect(
    page.getByText("Not a certified medical device: for review, not for primary diagnosis"),
  ).toBeVisible();
  await expect(
    page.locator("#content").getByText("DEMONSTRATION: patients and staff are invented"),
  ).toBeVisible();
  for (const size of [PHONE, SMALL_SCREEN]) {
    await page.setViewportSize(size);
    await expectNoSideways(page);
    await expect(page.getByTestId("patient-name")).toBeVisible();
  }
  expect(complaints).toEqual([]);
});

test("a patient's record stands under its banner, and ends with the sentence about what may be withheld", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  await page.goto(`${base()}/look-up`);
  await page.getByLabel("NHS number", { exact: true }).last().fill("999 000 0379");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("link", { name: "Open record" }).click();
  await page.waitForURL(/\/patients\//);
  await expect(page.getByTestId("patient-name")).toHaveText("HOLLIS, Margaret");
  await expectAccessible(page, () => expect(page.getByRole("link", { name: /· CT Chest$/ })).toBeVisible());
  await expectNoSideways(page);
  await expect(page.getByText(/Records may exist that are withheld/)).toBeVisible();
});
