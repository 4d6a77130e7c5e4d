import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, signIn, untilReady } from "./portal.ts";

const FIRST = "ZIELIŃSKI";
const SECOND = "HOLLIS";

async function openMeeting(page: Page): Promise<void> {
  await page.goto(`${base()}/meetings`);
  const open = page.getByRole("row").filter({ hasText: "closes in" });
  await open.getByRole("link", { name: "Lung MDT" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Lung MDT" })).toBeVisible();
}

/** A coordinator names who prepares two of the demonstration's cases, and publishes the list. */
async function publish(page: Page): Promise<void> {
  await openMeeting(page);
  for (const name of [FIRST, SECOND]) {
    const row = page.getByRole("listitem").filter({ hasText: new RegExp(`${name},`) });
    await row.getByRole("button", { name: /^Open/ }).click();
    await row.getByLabel("Prepared by").selectOption({ label: "Dr Amara Okafor (radiologist)" });
    await row.getByRole("button", { name: "Keep people" }).click();
    await expect(row.getByRole("button", { name: "Keep people" })).toBeHidden();
    await row
      .getByRole("button", { name: /^Close/ })
      .first()
      .click();
  }
  await page.getByRole("button", { name: "Publish to members" }).click();
  await expect(page.getByText(/Published, members see it until/)).toBeVisible();
}

async function prepare(page: Page, name: string, review: string): Promise<void> {
  await page.goto(`${base()}/prepare`);
  await page.getByRole("link", { name: new RegExp(`^${name},`) }).click();
  await expect(page.getByTestId("patient-name")).toContainText(name);
  const prepared = page.getByRole("region", { name: "Prepared" });
  await prepared.getByRole("button", { name: "What to pin" }).first().click();
  await prepared.getByRole("button", { name: "Pin the study" }).click();
  await expect(page.getByRole("list", { name: "Pinned" }).getByRole("listitem")).toHaveCount(1);
  await page.getByLabel("Your review").fill(review);
  await page.getByRole("button", { name: "Save the review" }).click();
  await page.getByRole("button", { name: "Mark as prepared" }).click();
  await expect(page.getByRole("button", { name: "Not prepared after all" })).toBeVisible();
  await expect(prepared.getByText(review).first()).toBeVisible();
}

/** Until the case of this patient is shown, under this patient's banners alone, with its image. */
async function shows(page: Page, name: string): Promise<void> {
  await untilReady(page);
  for (const banner of await page.getByTestId("patient-name").all()) await expect(banner).toContainText(name);
}

const press = async (page: Page, key: string) => {
  await page.getByTestId("room-place").click();
  await page.keyboard.press(key);
};

test("two cases are prepared, presented by keyboard and followed; an outcome is written, signed and added to; its letter is a PDF", async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  page.setDefaultTimeout(30_000);
  await signIn(page, "Ms Beth Calloway");
  await publish(page);

  const reviewer = await (await browser.newContext()).newPage();
  await signIn(reviewer, "Dr Amara Okafor", "East Sussex Healthcare");
  await prepare(reviewer, FIRST, "Unchanged over a year");
  await prepare(reviewer, SECOND, "Effusion on the left");
  const isPrepared = reviewer.getByRole("button", { name: "Not prepared after all" });
  await expectAccessible(reviewer, () => expect(isPrepared).toBeVisible());
  await reviewer.goto(`${base()}/prepare`);
  await expect(reviewer.getByText("2 of 2 prepared")).toBeVisible();
  await reviewer.screenshot({ path: test.info().outputPath("prepare.png"), fullPage: true });

  const chair = await (await browser.newContext()).newPage();
  await signIn(chair, "Dr Rohan Patel");
  const complaints = complaintsOf(chair);
  await openMeeting(chair);
  await chair.getByRole("link", { name: "Into the room" }).click();
  await shows(chair, FIRST);
  await chair.getByRole("button", { name: "Present", exact: true }).click();
  await reviewer.getByRole("link", { name: "Present" }).click();
  await reviewer.getByRole("button", { name: "Follow Dr Rohan Patel" }).click();
  // Twice on and once back, as fast as keys go: it ends on the case that was called last, for who follows, too.
  await press(chair, "]");
  await chair.keyboard.press("]");
  await chair.keyboard.press("[");
  await expect(chair.getByTestId("room-place")).toContainText("Case 2 of");
  await shows(chair, SECOND);
  await expect(reviewer.getByTestId("room-place")).toContainText("Case 2 of");
  await shows(reviewer, SECOND);
  await chair.screenshot({ path: test.info().outputPath("room.png") });
  expect(complaints).toEqual([]);

  await chair.getByRole("button", { name: "Who is present" }).click();
  const present = chair.getByRole("region", { name: "Who is present" });
  for (const name of [/Patel/, /Okafor/, /Ashdown/, /Marlow/]) {
    await present.getByRole("checkbox", { name }).click();
    await expect(present.getByRole("checkbox", { name })).toBeChecked();
  }
  await expect(present.getByText("Quorum", { exact: true })).toBeVisible();
  const outcome = chair.getByRole("region", { name: "Outcome" });
  await outcome.getByLabel("Decision").fill("Pleural aspiration, then PET-CT.");
  await outcome.getByLabel("T", { exact: true }).fill("2b");
  await outcome.getByRole("button", { name: "Save the outcome" }).click();
  await expect(outcome.getByText("Saved", { exact: true })).toBeVisible();
  await outcome.getByLabel("What").fill("Book the PET-CT");
  await outcome.getByLabel("Who", { exact: true }).selectOption({ label: "Mr Daniel Ashdown" });
  await outcome.getByRole("button", { name: "Add the action" }).click();
  await expect(outcome.getByText("Book the PET-CT:")).toBeVisible();
  await outcome.getByRole("button", { name: "Sign as chair" }).click();
  await expect(outcome.getByText(/Signed by Dr Rohan Patel/)).toBeVisible();
  await expect(outcome.getByLabel("Decision")).toBeHidden();
  await outcome.getByLabel("Addendum").fill("The aspirate was taken in clinic.");
  await outcome.getByRole("button", { name: "Add the addendum" }).click();
  await expect(outcome.getByText(/^Addendum, Dr Rohan Patel/)).toBeVisible();
  await expect(outcome.getByText("Not sent to record or GP")).toBeVisible();
  const download = chair.waitForEvent("download");
  await outcome.getByRole("button", { name: "Letter (PDF)" }).click();
  const file = await (await download).path();
  expect(readFileSync(file).subarray(0, 5).toString()).toBe("%PDF-");
  await chair.screenshot({ path: test.info().outputPath("signed.png") });

  // Looked at in both themes, which reloads: the same case, and still presenting.
  await expectAccessible(chair, () => expect(outcome).toBeVisible());
  await expect(chair.getByTestId("room-place")).toContainText("Case 2 of");
  await expect(chair.getByRole("button", { name: "Stop presenting" })).toBeVisible();

  // A second screen shows what this one does, and nothing once the case is left.
  const opening = chair.waitForEvent("popup");
  await chair.getByRole("button", { name: "Second screen (S)" }).click();
  const second = await opening;
  await expect(second.getByTestId("patient-name")).toContainText(SECOND);

  // The network goes: the whole list stays readable as it was prepared, and it is said.
  await press(chair, "[");
  await shows(chair, FIRST);
  await expect(second.getByTestId("patient-name")).toContainText(FIRST);
  await second.close();
  await chair.context().setOffline(true);
  await expect(
    chair.getByText(/Connection lost .*, showing what was prepared: \d+ of \d+ cases/),
  ).toBeVisible();
  await press(chair, "]");
  const kept = chair.getByTestId("kept-case");
  await expect(kept.getByTestId("patient-name")).toContainText(SECOND);
  await expect(kept.getByText("Effusion on the left")).toBeVisible();
  await expect(kept.getByText("REDUCED PICTURE, NOT FULL DETAIL")).toBeVisible();
  await expect(kept.getByRole("img", { name: /reduced/ })).toBeVisible();
  await expect(kept.getByRole("article").first()).toBeVisible();
  await chair.screenshot({ path: test.info().outputPath("offline.png") });
  await chair.context().setOffline(false);
  await expect(chair.getByText(/Connection lost/)).toBeHidden();
  await shows(chair, SECOND);

  // Whose action it is finds it, goes to the case, and ticks it off.
  const surgeon = await (await browser.newContext()).newPage();
  await signIn(surgeon, "Mr Daniel Ashdown");
  await surgeon.getByRole("link", { name: "Open actions" }).click();
  const yours = surgeon.getByRole("region", { name: "Yours" });
  await expect(yours.getByRole("listitem").filter({ hasText: "Book the PET-CT" })).toBeVisible();
  await yours.getByRole("button", { name: /^Done ?: Book the PET-CT$/ }).click();
  await expect(yours.getByText("done", { exact: true })).toBeVisible();
  await yours.getByRole("link", { name: new RegExp(SECOND) }).click();
  await expect(surgeon.getByText(/Signed by Dr Rohan Patel/)).toBeVisible();

  // A display of the room: this list and nothing else, until it is left.
  await chair.getByRole("button", { name: "Lock as display …" }).click();
  await chair.getByRole("button", { name: "Lock it" }).click();
  await chair.waitForURL(/\/display$/);
  // Where it was presented last, the step taken without the network among it.
  await shows(chair, SECOND);
  await expect(chair.getByRole("button", { name: "Save the outcome" })).toHaveCount(0);
  await expectAccessible(chair, () => expect(chair.getByTestId("room-place")).toBeVisible());
  await chair.screenshot({ path: test.info().outputPath("display.png") });
  for (const path of ["/worklist", "/meetings", "/look-up"]) {
    await chair.goto(`${base()}${path}`);
    await expect(chair.getByRole("heading", { name: "This browser is a meeting's display" })).toBeVisible();
  }
  const asked = await chair.request.get(
    `${base()}/api/trpc/worklist.list?input=%7B%22filters%22%3A%7B%7D%7D`,
  );
  expect([asked.status(), await asked.text()]).toEqual([403, expect.stringContaining("DISPLAY_ONLY")]);
  await chair.getByRole("link", { name: "Back to the list" }).click();
  await chair.getByRole("button", { name: "Leave the display" }).click();
  await expect(chair.getByRole("button", { name: /Sign in/ })).toBeVisible();
  await surgeon.context().close();
  for (const one of [reviewer, chair]) await one.context().close();
});
