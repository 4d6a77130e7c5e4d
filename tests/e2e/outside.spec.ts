import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { type DemoStudy, filesOf } from "@weald/dev-env/phantoms";
import { complaintsOf, expectAccessible, expectNoSideways } from "./looking.ts";
import { base, rowInList, signIn, untilReady } from "./portal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "weald-outside-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Royal Surrey put on a disc: there she is Alice Carrington, in East Sussex Carrington-Shaw. */
const discOf = (description: string): DemoStudy => ({
  key: `${description} ${process.pid}`,
  patient: "carrington",
  custodian: "RA2",
  site: "Guildford",
  kind: "chest",
  daysAgo: 0,
  time: "062000",
  description,
  procedure: "XCHES",
  bodyPart: "CHEST",
});

function fileOf(study: DemoStudy): string {
  const [first] = [...filesOf(study)].filter(({ kind }) => kind === "dicom");
  const target = path.join(folder, `${study.description}.dcm`);
  writeFileSync(target, first?.bytes ?? "");
  return target;
}

/** A source of its own for each disc: one that failed before is not mistaken for it. */
const sourceOf = ({ key }: DemoStudy) => `Guildford Nuffield, ${key}`;

async function addDisc(page: Page, study: DemoStudy): Promise<void> {
  await page.goto(`${base()}/upload`);
  await page.getByRole("radio", { name: "An outside disc, for a patient of ours" }).check();
  await page.getByRole("radio", { name: "Trust's own number" }).check();
  await page.getByLabel("Trust", { exact: true }).selectOption("RXC");
  await page.getByLabel("Number in that trust").fill("E130022");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("button", { name: "These images are theirs" }).click();
  await page.getByLabel("Where the disc comes from").fill(sourceOf(study));
  await page.getByLabel("DICOM files", { exact: true }).setInputFiles(fileOf(study));
}

const discAt = (page: Page, study: DemoStudy) =>
  page.getByRole("region", { name: `Disc from ${sourceOf(study)} that names Carrington, Alice` });

test("a disc that names her otherwise waits with both identities, and goes in on its sender's word", async ({
  page,
}) => {
  const study = discOf("Disc confirmed");
  await signIn(page, "Ms Grace Fielding");
  const complaints = complaintsOf(page);
  await addDisc(page, study);
  const disc = discAt(page, study);
  await expect(disc).toContainText(`1 image from ${sourceOf(study)}`);
  const facts = disc.getByRole("table", { name: "The patient whom you chose, and whom the disc names" });
  const name = facts.getByRole("row").filter({ hasText: "Name" });
  await expect(name).toContainText("Carrington-Shaw, Alice");
  await expect(name).toContainText("Differs");
  await expect(facts.getByRole("row").filter({ hasText: "Born" })).not.toContainText("Differs");
  await expect(page.getByRole("row").filter({ hasText: "Disc confirmed.dcm" })).toContainText("Quarantined");

  const take = disc.getByRole("button", { name: "It is the same person: take them in" });
  await expect(take).toBeDisabled();
  await disc.getByLabel("Reason (kept on record)").fill("married last year, seen in clinic");
  await take.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row").filter({ hasText: "Disc confirmed.dcm" })).toContainText("Accepted");
  await expect(disc).toHaveCount(0);

  await page.goto(`${base()}/worklist`);
  const row = await rowInList(page, sourceOf(study));
  await expect(row).toContainText(`Outside images, from ${sourceOf(study)}`);
  await expect(row).toContainText("CARRINGTON-SHAW, Alice");
  await row.getByRole("link").click();
  await untilReady(page);
  await expect(page.getByTestId("provenance")).toContainText(`Outside images, from ${sourceOf(study)}`);
  expect(complaints).toEqual([]);
});

test("it still waits after the page was left, is accessible in both themes, and is discarded for good", async ({
  page,
}) => {
  const study = discOf("Disc discarded");
  await signIn(page, "Ms Grace Fielding");
  await addDisc(page, study);
  await expect(discAt(page, study)).toBeVisible();
  await page.goto(`${base()}/worklist`);
  await page.goto(`${base()}/upload`);
  await expectAccessible(page, () => expect(discAt(page, study)).toBeVisible());
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page);

  await discAt(page, study).getByLabel("Reason (kept on record)").fill("the wrong disc");
  await discAt(page, study).getByRole("button", { name: "Discard these images" }).click();
  await expect(page.getByText("Discarded: 1 image.")).toBeVisible();
  await expect(discAt(page, study)).toHaveCount(0);
  await page.goto(`${base()}/worklist`);
  await expect(page.getByRole("row").filter({ hasText: "Disc discarded" })).toHaveCount(0);
});
