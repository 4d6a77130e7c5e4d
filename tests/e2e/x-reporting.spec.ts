import { expect, test } from "@playwright/test";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, signIn, untilReady } from "./portal.ts";

/** Near the end of the run: an agreement with a company outside begins here. */
test("a study is sent out to be reported: the company's reporter sees it and nothing else, until it is taken back", async ({
  page,
  browser,
}) => {
  const complaints = complaintsOf(page);
  await signIn(page, "Mr Tom Reyes");
  await page.goto(`${base()}/administration/agreements`);
  const form = page.getByRole("form", { name: "Begin an agreement" });
  await form.getByLabel("Who shares").selectOption("RXC");
  await form.getByLabel("With").selectOption("ORC");
  await form.getByLabel("reporting").check();
  await form.getByRole("button", { name: "Begin it" }).click();
  await expect(page.getByRole("listitem", { name: /with Outside reporting company/ }).first()).toContainText(
    "In force",
  );

  const reporter = await (await browser.newContext()).newPage();
  const reporterSaid = complaintsOf(reporter);
  await signIn(reporter, "Dr Lena Vogt");
  const theirs = reporter.getByRole("row").filter({ has: reporter.getByRole("link") });
  await expect(reporter.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(theirs).toHaveCount(0);

  await page.goto(`${base()}/worklist`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  await rows.first().getByRole("link").first().click();
  await untilReady(page);
  await page.getByRole("link", { name: "Correct…" }).click();
  const sending = page.getByRole("form", { name: "Send it out to be reported" });
  await sending.getByLabel("Their CIS2 user id").fill("555021935116");
  await sending.getByLabel("Organisation").selectOption("ORC");
  await sending.getByRole("button", { name: "Send it" }).click();
  const sent = page.getByRole("listitem").filter({ hasText: "555021935116, Outside reporting company" });
  await expectAccessible(page, () => expect(sent).toBeVisible());

  await reporter.reload();
  await expect(theirs).toHaveCount(1);
  await theirs.getByRole("link").first().click();
  await untilReady(reporter);
  await sent.getByRole("button", { name: "Take it back" }).click();
  await expect(sent).toHaveCount(0);
  await reporter.goto(`${base()}/worklist`);
  await expect(reporter.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(theirs).toHaveCount(0);
  expect([...complaints, ...reporterSaid]).toEqual([]);
  await reporter.context().close();
});
