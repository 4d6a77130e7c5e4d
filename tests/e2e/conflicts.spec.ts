import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { type DemoStudy, filesOf } from "@weald/dev-env/phantoms";
import { complaintsOf, expectAccessible, expectNoSideways } from "./looking.ts";
import { base, send, signIn, untilReady } from "./portal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "weald-conflicts-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const studyOf = (description: string): DemoStudy => ({
  key: `${description} ${process.pid}`,
  patient: "hollis",
  custodian: "RXC",
  site: "Conquest",
  kind: "chest",
  daysAgo: 0,
  time: "071500",
  description,
  procedure: "XCHES",
  bodyPart: "CHEST",
});

/** The first image of a study, as a file of its own. */
function fileOf(study: DemoStudy, name: string): string {
  const [first] = [...filesOf(study)].filter(({ kind }) => kind === "dicom");
  const target = path.join(folder, `${study.description} ${name}.dcm`);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, first?.bytes ?? "");
  return target;
}

/** Sends one image, then another under the same UIDs: with an effusion, or of another patient. */
async function sendTwice(study: DemoStudy, again: DemoStudy): Promise<void> {
  expect((await send("RXC", [fileOf(study, "first")])).lines.at(-1)).toMatchObject({ accepted: 1 });
  expect((await send("RXC", [fileOf(again, "again")])).lines.at(-1)).toMatchObject({ quarantined: 1 });
}

/** The newest item of the quarantine: the list has the newest first. */
async function openNewest(page: Page, code: string): Promise<void> {
  await page.goto(`${base()}/quarantine`);
  await page
    .locator(`[data-code=${code}]`)
    .first()
    .getByRole("link", { name: /Compare the two and decide/ })
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Two things under one UID" })).toBeVisible();
}

const pictureOf = (page: Page, name: string) => page.getByRole("region", { name: `Picture: ${name}` });

async function untilBothDrawn(page: Page): Promise<void> {
  for (const name of ["Is here", "Came"])
    await expect(pictureOf(page, name)).toHaveAttribute("data-state", "ready");
}

test("a conflict is seen side by side, with a picture of each, and replaced by keyboard alone", async ({
  page,
}) => {
  const study = studyOf("Replaced chest");
  await sendTwice(study, { ...study, special: { look: "effusion" }, description: "Replaced chest, again" });
  await signIn(page, "Mr Tom Reyes");
  const complaints = complaintsOf(page);
  await openNewest(page, "UID_CONFLICT");
  await untilBothDrawn(page);
  await expect(page.getByText("The pixels differ")).toBeVisible();
  const differing = page.getByRole("table", { name: "Attributes that differ, with both values" });
  await expect(differing.getByRole("row").filter({ hasText: "StudyDescription" })).toContainText(
    "Replaced chest, again",
  );
  await expectAccessible(page, () => untilBothDrawn(page));
  await expectNoSideways(page);

  await page.getByRole("radio", { name: /Keep what is here/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /Replace it, as a new version/ })).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.type("the first was sent before it was processed");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The newcomer is shown from now on, as a new version.")).toBeVisible();
  await page.getByRole("link", { name: "Open the study", exact: true }).click();
  await untilReady(page);
  expect(complaints).toEqual([]);
});

test("images of another patient under a known study are taken in under that patient, and leave the first alone", async ({
  page,
}) => {
  const study = studyOf("Two under one");
  await sendTwice(study, { ...study, patient: "barlow" });
  await signIn(page, "Mr Tom Reyes");
  await openNewest(page, "PATIENT_MISMATCH");
  const facts = page.getByRole("table", { name: "What is here and what came" });
  await expect(facts.getByRole("row").filter({ hasText: "Name" }).first()).toContainText("Differs");
  await expect(page.getByText("It can't replace what is here")).toBeVisible();

  await page.getByRole("radio", { name: /Both: the newcomer is another patient's/ }).check();
  await page.getByRole("radio", { name: "Trust's own number" }).check();
  await page.getByLabel("Trust", { exact: true }).selectOption("RXC");
  await page.getByLabel("Number in that trust").fill("E170170");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("button", { name: "It is theirs" }).click();
  const decide = page.getByRole("button", { name: "Decide" });
  await expect(decide).toBeDisabled();
  await page.getByLabel("Reason (kept on record)").fill("Mr Barlow's film under Mrs Hollis's request");
  await decide.click();
  await expect(page.getByText("The newcomer was taken in under the patient whom you chose.")).toBeVisible();
  await page.getByRole("link", { name: "Open the study", exact: true }).click();
  await untilReady(page);
  await expect(page.getByTestId("patient-name")).toHaveText("BARLOW, George");

  await page.goto(`${base()}/quarantine`);
  await page.getByRole("button", { name: "Solved" }).click();
  const item = page.locator("[data-code=PATIENT_MISMATCH]").first();
  await expect(item).toContainText("Solved: taken in under another patient");
  await expect(item).toContainText("Mr Barlow's film under Mrs Hollis's request");
});

test("copies of one study stand as one row where they are equal, and say who holds what more where not", async ({
  page,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await page.goto(`${base()}/look-up`);
  await page.getByRole("radio", { name: "Trust's own number" }).check();
  await page.getByLabel("Trust", { exact: true }).selectOption("RXC");
  await page.getByLabel("Number in that trust").fill("E118830");
  await page.getByRole("button", { name: "Look up" }).click();
  await page
    .getByRole("link", { name: /Open|record/ })
    .first()
    .click();
  const rows = page.locator("li[data-study]");
  const chest = rows.filter({ hasText: "XR Chest" });
  await expect(chest).toHaveCount(1);
  await expect(chest).toContainText("Also held by East Sussex Healthcare: the same images");
  // The report stayed with the trust that made it.
  await expect(chest).toContainText("A report stands at East Sussex Healthcare.");
  const less = rows.filter({ hasText: "East Sussex Healthcare holds 12 images more" });
  await expect(less).toHaveCount(1);
  await expect(rows.filter({ hasText: "Royal Surrey holds 12 images fewer" })).toHaveCount(1);
  await less.getByRole("link").first().click();
  await expect(page.getByTestId("provenance")).toContainText("East Sussex Healthcare holds 12 images more");
});
