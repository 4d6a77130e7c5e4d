import { expect, test } from "@playwright/test";
import { complaintsOf, expectAccessible, expectNoSideways } from "./looking.ts";
import { base, signIn, untilReady, viewportOf } from "./portal.ts";

test("a radiologist asks a surgeon of another trust: opened in two clicks, answered, and the sender sees both", async ({
  page,
  browser,
}) => {
  test.setTimeout(180_000);
  const elsewhere = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: "en-GB" });
  const surgeon = await elsewhere.newPage();
  const complaints = [complaintsOf(page), complaintsOf(surgeon)];
  await signIn(surgeon, "Miss Priya Nair", "Queen Victoria Hospital");
  await expect(surgeon.getByText(/referrals? waits? for you/)).toHaveCount(0);

  await signIn(page, "Dr Rohan Patel");
  await page
    .getByRole("row")
    .filter({ hasText: "HOLLIS" })
    .filter({ hasText: "CT Chest" })
    .getByRole("link")
    .first()
    .click();
  await untilReady(page);
  await page.getByRole("link", { name: "Whole record" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: "CT Chest" })
    .getByRole("link", { name: /^Refer/ })
    .first()
    .click();
  await page.waitForURL(/\/refer$/);
  await expectAccessible(page, () => expect(page.getByLabel("To whom")).toBeVisible());
  await expectNoSideways(page);
  await page.getByLabel("To whom").fill("nair");
  await page.getByRole("button", { name: /Priya Nair/ }).click();
  await expect(page.getByRole("button", { name: "Send the referral" })).toBeDisabled();
  await page.getByLabel("What you ask").fill("Chest wall: can it be covered after resection?");
  await page.getByLabel("How soon").selectOption("urgent");
  const suggested = await page.getByRole("checkbox", { checked: true }).count();
  expect(suggested).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Send the referral" }).click();
  await expect(page.getByText("Sent to Miss Priya Nair")).toBeVisible();

  await surgeon.goto(`${base()}/worklist`);
  await expect(surgeon.getByText("1 referral waits for you, 1 urgent")).toBeVisible();
  await surgeon.getByRole("link", { name: "Open referrals" }).click();
  await surgeon.waitForURL(/\/referrals/);
  await expectAccessible(surgeon, () => expect(surgeon.getByText("can it be covered")).toBeVisible());
  await surgeon.getByRole("button", { name: "Open the images" }).click();
  await untilReady(surgeon);
  await expect(surgeon.getByTestId("patient-name")).toContainText("HOLLIS");
  await expect(viewportOf(surgeon)).toHaveAttribute("data-state", "ready");
  await surgeon.goto(`${base()}/referrals`);
  await surgeon.getByLabel("Your answer").fill("Yes, with a latissimus flap.");
  await surgeon.getByRole("button", { name: "Send the answer" }).click();
  await expect(surgeon.getByText("Answered", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: "Referrals" }).last().click();
  await expect(page.getByText("Yes, with a latissimus flap.")).toBeVisible();
  await expect(page.getByText(/^Opened .* by Miss Priya Nair/)).toBeVisible();
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByRole("button", { name: "Take it back" })).toHaveCount(0);
  await surgeon.reload();
  await expect(surgeon.getByText("It opens this patient's record no longer.")).toBeVisible();
  await expect(surgeon.getByText("HOLLIS")).toHaveCount(0);
  expect(complaints.flat()).toEqual([]);
  await elsewhere.close();
});
