import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { type DemoStudy, filesOf } from "@weald/dev-env/phantoms";
import { complaintsOf, expectAccessible, expectNoSideways } from "./looking.ts";
import { base, openFromList, send, signIn, untilReady } from "./portal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "weald-corrections-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));
// A journey of two people, each of whom waits for the other, and the promise itself is a minute.
test.describe.configure({ timeout: 180_000 });

/** Under one twin, and it is the other's. */
const studyOf = (description: string, more: Partial<DemoStudy> = {}): DemoStudy => ({
  key: `${description} ${process.pid}`,
  patient: "lacey-tom",
  custodian: "RXC",
  site: "Conquest",
  kind: "chest",
  daysAgo: 0,
  time: "081500",
  description,
  procedure: "XCHES",
  bodyPart: "CHEST",
  ...more,
});

/** With its request and report, where it has one. */
async function sent(description: string, more: Partial<DemoStudy> = {}): Promise<void> {
  const files = [...filesOf(studyOf(description, more))];
  const into = path.join(folder, description);
  mkdirSync(into, { recursive: true });
  for (const [index, { bytes, kind }] of files.entries())
    writeFileSync(path.join(into, `${index}.${kind === "dicom" ? "dcm" : "hl7"}`), bytes);
  expect((await send("RXC", [into])).lines.at(-1)).toMatchObject({ accepted: files.length });
}

async function someoneElse(browser: Browser, who: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await signIn(page, who);
  return page;
}

/** Below one heading or name, whichever look-up stands there. */
async function choose(page: Page, number: string, choice: string): Promise<void> {
  await page.getByRole("radio", { name: "Trust's own number" }).check();
  await page.getByLabel("Trust", { exact: true }).selectOption("RXC");
  await page.getByLabel("Number in that trust").fill(number);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("button", { name: choice }).click();
}

/** So that the journeys after these find the pages as they are without notices. */
async function readAll(page: Page): Promise<void> {
  await page.goto(`${base()}/corrections`);
  await expect(page.getByRole("heading", { level: 1, name: "Corrections" })).toBeVisible();
  const notices = page
    .getByRole("region", { name: "Notices" })
    .getByRole("button", { name: "I have read this" });
  for (let left = await notices.count(); left > 0; left -= 1) {
    await notices.first().click();
    await expect(notices).toHaveCount(left - 1);
  }
}

test("a study under the wrong twin is moved; who has it open is told within a minute, and on their next page", async ({
  page,
  browser,
}) => {
  await sent("Twin's chest");
  const reader = await someoneElse(browser, "Dr Rohan Patel");
  await readAll(reader);
  await openFromList(reader, "LACEY, Thomas", "Twin's chest");

  await signIn(page, "Mr Tom Reyes");
  const complaints = complaintsOf(page);
  await openFromList(page, "LACEY, Thomas", "Twin's chest");
  await page.getByRole("link", { name: "Correct…" }).click();
  await page.waitForURL(/\/correct$/);
  await expectAccessible(page, () =>
    expect(page.getByRole("heading", { level: 1, name: "Correct a study" })).toBeVisible(),
  );
  await expectNoSideways(page);
  const correct = page.getByRole("button", { name: "Correct it" });
  await expect(correct).toBeDisabled();
  await choose(page, "E140002", "It is theirs");
  const both = page.getByRole("table", { name: "What is shown now and what will be" });
  await expect(both.getByRole("row").filter({ hasText: "Number in its trust" })).toContainText(
    "E140002 (RXC)",
  );
  await page.getByLabel("Reason (kept on record)").fill(`the twins changed places ${process.pid}`);
  await correct.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("It is the right patient's now")).toBeVisible();
  await expect(page.getByText("1 person who had opened it will be told on their next page.")).toBeVisible();

  await expect(reader.getByRole("heading", { name: "This study was corrected" })).toBeVisible({
    timeout: 60_000,
  });
  await expect(reader.getByTestId("viewport")).toHaveCount(0);
  await expect(reader.getByText("LACEY, Thomas")).toHaveCount(0);
  await expect(reader.getByText(/its images are another patient's/)).toBeVisible();
  await reader.getByRole("button", { name: "Reload" }).click();
  await untilReady(reader);
  await expect(reader.getByTestId("patient-name")).toHaveText("LACEY, Benjamin");

  await reader.goto(`${base()}/worklist`);
  const notices = reader.getByRole("region", { name: "Notices" });
  await expectAccessible(reader, () => expect(notices).toContainText("A study that you opened"));
  await notices.getByRole("button", { name: "I have read this" }).first().click();
  await expect(notices).toHaveCount(0);

  await page.goto(`${base()}/corrections`);
  await page.getByRole("button", { name: "Done lately" }).click();
  const item = page.getByRole("listitem").filter({ hasText: `the twins changed places ${process.pid}` });
  await expect(item).toContainText("Told: 1, read by 1");
  await item.getByLabel("Why it is undone").fill(`they had not ${process.pid}`);
  await item.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: `they had not ${process.pid}` })).toBeVisible();
  await openFromList(page, "LACEY, Thomas", "Twin's chest");
  await expect(page.getByTestId("patient-name")).toHaveText("LACEY, Thomas");
  expect(complaints).toEqual([]);
  await reader.goto(`${base()}/worklist`);
  await expect(notices).toContainText("an earlier correction of it was taken back");
  await notices.getByRole("button", { name: "I have read this" }).click();
  await expect(notices).toHaveCount(0);
  await reader.context().close();
});

test("a reported study is rejected by two people, and shown until the second has said yes", async ({
  page,
  browser,
}) => {
  await sent("Reported chest", { report: "final", reportText: ["No pneumothorax.", "Impression: normal."] });
  await signIn(page, "Mr Tom Reyes");
  await openFromList(page, "LACEY, Thomas", "Reported chest");
  const address = page.url();
  await page.getByRole("link", { name: "Correct…" }).click();
  await page.waitForURL(/\/correct$/);
  await page.getByRole("radio", { name: /It should not be shown/ }).check();
  await expect(page.getByText("This study is reported: a second person confirms it")).toBeVisible();
  await page.getByLabel("Reason (kept on record)").fill(`breathing artefacts ${process.pid}`);
  await page.getByRole("button", { name: "Correct it" }).click();
  await expect(page.getByText("A second person has to confirm this")).toBeVisible();
  await page.goto(`${base()}/corrections`);
  const own = page.getByRole("listitem").filter({ hasText: `breathing artefacts ${process.pid}` });
  await expect(own.getByText("somebody else confirms it")).toBeVisible();
  await expect(own.getByRole("button", { name: "Confirm" })).toHaveCount(0);

  const second = await someoneElse(browser, "Ms Grace Fielding");
  await second.goto(`${base()}/corrections`);
  await expectAccessible(second, () =>
    expect(
      second.getByRole("listitem").filter({ hasText: `breathing artefacts ${process.pid}` }),
    ).toBeVisible(),
  );
  await expectNoSideways(second);
  await second
    .getByRole("listitem")
    .filter({ hasText: `breathing artefacts ${process.pid}` })
    .getByRole("button", { name: "Confirm" })
    .click();
  await expect(second.getByRole("status").filter({ hasText: "It is done." })).toBeVisible();
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "There is nothing here that you may see" })).toBeVisible();

  // Back, for the journeys that come after: what took two takes two.
  await page.goto(`${base()}/corrections`);
  await page.getByRole("button", { name: "Done lately" }).click();
  const done = page.getByRole("listitem").filter({ hasText: `breathing artefacts ${process.pid}` });
  await done.getByLabel("Why it is undone").fill(`it can be read ${process.pid}`);
  await done.getByRole("button", { name: "Undo" }).click();
  await second.reload();
  const undo = second.getByRole("listitem").filter({ hasText: `it can be read ${process.pid}` });
  await undo.getByRole("button", { name: "Confirm" }).click();
  await expect(second.getByRole("status").filter({ hasText: "It is done." })).toBeVisible();
  await page.goto(address);
  await untilReady(page);
  await readAll(page);
  await readAll(second);
  await second.context().close();
});

test("two numbers of one person are joined by look-up, and parted again", async ({ page }) => {
  await sent("Joined chest");
  await signIn(page, "Mr Tom Reyes");
  await page.goto(`${base()}/pairs`);
  const goes = page.getByRole("region", { name: "The number that goes" });
  const stays = page.getByRole("region", { name: "The number that stays" });
  for (const [scope, number, choice] of [
    [goes, "E140001", "This one goes"],
    [stays, "E140002", "This one stays"],
  ] as const) {
    await scope.getByRole("radio", { name: "Trust's own number" }).check();
    await scope.getByLabel("Trust", { exact: true }).selectOption("RXC");
    await scope.getByLabel("Number in that trust").fill(number);
    await scope.getByRole("button", { name: "Look up" }).click();
    await scope.getByRole("button", { name: choice }).click();
  }
  await page.getByLabel("Why they are one person").last().fill(`registered twice ${process.pid}`);
  await page.getByRole("button", { name: "Join these two" }).last().click();
  const item = page
    .getByRole("region", { name: "Joined lately" })
    .getByRole("listitem")
    .filter({ hasText: `registered twice ${process.pid}` });
  await expect(item).toBeVisible();
  await openFromList(page, "LACEY, Benjamin", "Joined chest");
  await page.goto(`${base()}/pairs`);
  await item.getByLabel("Why they are two people").fill("they are twins");
  await item.getByRole("button", { name: "Undo: they are two people" }).click();
  await expect(item.getByText(/^Undone/)).toBeVisible();
  await openFromList(page, "LACEY, Thomas", "Joined chest");
});

test("two numbers that a message made one are parted on the same page", async ({ page }) => {
  const number = `E17${process.pid}`;
  const file = path.join(folder, "merge.hl7");
  const at = new Date().toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
  const pid = `PID|1||${number}^^^RXC^MR||GOSLING^Ada||19550607|F`;
  const head = (type: string, id: string) =>
    `MSH|^~\\&|PAS|RXC|WEALD|REGION|${at}||${type}|${id}|P|2.5.1||||||UNICODE UTF-8`;
  const lines = [head("ADT^A40", `E2E-${number}`), pid, `MRG|${number}B^^^RXC^MR`];
  writeFileSync(file, lines.join("\r"));
  const { lines: sent } = await send("RXC", [file]);
  expect(sent.at(-1)).toMatchObject({ accepted: 1 });
  await signIn(page, "Mr Tom Reyes");
  await page.goto(`${base()}/pairs`);
  const item = page
    .getByRole("region", { name: "Joined lately" })
    .getByRole("listitem")
    .filter({ hasText: "GOSLING" })
    .filter({ hasText: "A number of which nothing has come yet." });
  await expect(item.getByText("by a message of the trust's own system")).toBeVisible();
  await item.getByLabel("Why they are two people").fill("mother and daughter");
  await item.getByRole("button", { name: "Undo: they are two people" }).click();
  await expect(item.getByText(/^Undone/)).toBeVisible();
  await expect(item.getByRole("button", { name: /^Undo/ })).toBeHidden();
});
