import { expect, type Page, test } from "@playwright/test";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, signIn, untilReady } from "./portal.ts";

/** Near the end of the run: these change who shares with whom. */

async function lookUpRobin(page: Page): Promise<void> {
  await page.goto(`${base()}/look-up`);
  await page.getByRole("radio", { name: "Name and date of birth" }).check();
  await page.getByLabel("Family name").fill("redacted");
  await page.getByLabel("Given name").fill("Robin");
  await page.getByRole("textbox", { name: "Date of birth" }).fill("1979-03-03");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("link", { name: "Open record" }).click();
  await page.waitForURL(/\/patients\//);
}

test("a clinician breaks the glass by a reason and a sign-in; a banner stands all the while, and the privacy officer reviews it", async ({
  page,
  context,
  browser,
}) => {
  const complaints = complaintsOf(page);
  await signIn(page, "Dr Ines Marlow");
  await lookUpRobin(page);
  await expect(page.getByText("This record is restricted")).toBeVisible();
  await expectAccessible(page, () =>
    expect(page.getByRole("heading", { name: "Break the glass" })).toBeVisible(),
  );
  const began = Date.now();
  await page.getByRole("button", { name: "Urgent care can't wait" }).click();
  // Signed in just now, it opens at once; later a window of the identity provider comes first (integration tests).
  const banner = page.getByRole("region", { name: "Broken glass" });
  await expect(banner).toContainText("REDACTED, Robin");
  expect(Date.now() - began).toBeLessThan(10_000);
  await expectAccessible(page, () => expect(banner).toBeVisible());
  await page.locator("[data-row]").first().click();
  await untilReady(page);
  await expect(page.getByText("Glass broken: you look at this by broken glass")).toBeVisible();
  await page.goto(`${base()}/worklist`);
  await expect(banner).toBeVisible();

  const officer = await (await browser.newContext()).newPage();
  await signIn(officer, "Mr Edmund Frost");
  await officer.getByRole("link", { name: "Broken glass" }).click();
  const row = officer.getByRole("listitem", { name: "REDACTED, Robin" });
  await expect(row).toContainText("urgent care couldn't wait");
  await expectAccessible(officer, () => expect(row).toBeVisible());
  await row.getByRole("button", { name: "Justified", exact: true }).click();
  await expect(officer.getByText("Nothing waits for you.")).toBeVisible();
  await officer.getByRole("button", { name: "Reviewed" }).click();
  await expect(row).toContainText("Justified");
  await officer.context().close();

  await page.bringToFront();
  await page.getByRole("button", { name: "Close it now" }).click();
  await expect(banner).toBeHidden();
  await lookUpRobin(page);
  await expect(page.getByText("This record is restricted")).toBeVisible();
  expect(context.pages()).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test("an administrator adds a trust and its agreement, without code", async ({ page }) => {
  await signIn(page, "Mr Tom Reyes");
  await page.getByRole("navigation", { name: "Main" }).getByText("More").click();
  await page.getByRole("link", { name: "Agreements" }).click();
  await page.waitForURL(`${base()}/administration/agreements`);
  await expectAccessible(page, () =>
    expect(page.getByRole("heading", { level: 1, name: "Agreements" })).toBeVisible(),
  );
  const form = page.getByRole("form", { name: "Add an organisation" });
  await form.getByLabel("ODS code").fill("rxx");
  await form.getByLabel("Name").fill("Sixth Valley Hospitals");
  await form.getByRole("button", { name: "Add it" }).click();
  const added = page.getByRole("listitem", { name: "Sixth Valley Hospitals with every member" });
  await expect(added).toContainText("In force");
  await form.getByLabel("ODS code").fill("RXX");
  await form.getByLabel("Name").fill("Once more");
  await form.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByText("An organisation with this code is here already.")).toBeVisible();
});

test("an agreement ends while a study of that trust is open: its reader is told, and nothing new opens; it is begun again", async ({
  page,
  browser,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await page.getByLabel("Trust").selectOption("RTK");
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  // Until the list is that trust's: what stood there before is another's.
  await expect(rows.first()).toContainText("Ashford");
  await rows.first().getByRole("link").first().click();
  await untilReady(page);

  const administrator = await browser.newPage();
  await signIn(administrator, "Mrs Sunita Kaur");
  await administrator.goto(`${base()}/administration/agreements`);
  const own = administrator
    .getByRole("listitem", { name: /^Ashford and St Peter's .* with every member$/ })
    .first();
  await own.getByRole("button", { name: "End it…" }).click();
  await expect(own).toContainText("What this would cut");
  await own.getByLabel("Why it ends").fill("A rehearsal");
  await own.getByRole("button", { name: "End it now" }).click();
  await expect(own).toContainText("Ended");

  await expect(page.getByText(/shares no more with your trust. This study closes at/)).toBeVisible({
    timeout: 30_000,
  });
  // What is open goes on for its hour; a list has it no more, and another tab doesn't open it.
  await page.keyboard.press("ArrowDown");
  await untilReady(page);
  const again = await page.context().newPage();
  await again.goto(`${base()}/worklist?trust=RTK`);
  await expect(again.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(again.getByRole("row").filter({ has: again.getByRole("link") })).toHaveCount(0);
  await again.close();

  const form = administrator.getByRole("form", { name: "Begin an agreement" });
  await form.getByLabel("Who shares").selectOption("RTK");
  for (const purpose of ["reporting", "operations", "audit"]) await form.getByLabel(purpose).check();
  await form.getByRole("button", { name: "Begin it now" }).click();
  await expect(form.getByText("It is in force.")).toBeVisible();
  await administrator.close();
  await page.goto(`${base()}/worklist`);
  await page.getByLabel("Trust").selectOption("RTK");
  await expect(rows.first()).toBeVisible();
});

test("a patient's objection is recorded and taken back, and who doesn't know the number is told", async ({
  page,
}) => {
  await signIn(page, "Mr Tom Reyes");
  await page.goto(`${base()}/restrictions`);
  await expect(page.getByText("No patient of your trust objects.")).toBeVisible();
  const form = page.getByRole("form", { name: "Record an objection" });
  await form.getByLabel("Number of the patient at your trust").fill("nobody's");
  await form.getByLabel("Who discussed it with them").fill("Dr Okafor");
  await form.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByText("No patient of this trust has that number.")).toBeVisible();
  await form.getByLabel("Number of the patient at your trust").fill("E150009");
  await form.getByRole("button", { name: "Record it" }).click();
  const row = page.getByRole("listitem", { name: "REDACTED, Robin", exact: true });
  await expect(row).toContainText("discussed by Dr Okafor");
  await row.getByRole("button", { name: "The patient took it back" }).click();
  await expect(page.getByText("No patient of your trust objects.")).toBeVisible();
});
