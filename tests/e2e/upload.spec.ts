import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { type DemoStudy, filesOf } from "@weald/dev-env/phantoms";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, openFromList, signIn, viewportOf } from "./portal.ts";

const study: DemoStudy = {
  key: `upload-${process.pid}`,
  patient: "barlow",
  custodian: "RXC",
  site: "Eastbourne",
  kind: "chest",
  daysAgo: 0,
  time: "101500",
  description: "XR Chest by hand",
  procedure: "XCHES",
  bodyPart: "CHEST",
};
const folder = mkdtempSync(path.join(tmpdir(), "weald-upload-"));

test.beforeAll(() => {
  for (const file of filesOf(study)) {
    const target = path.join(folder, "disc", path.basename(file.path));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.bytes);
  }
  writeFileSync(path.join(folder, "disc", "readme.txt"), "Open index.htm to see your images.");
  const [truncated] = filesOf({ ...study, key: `${study.key}-cut` });
  writeFileSync(
    path.join(folder, "disc", "zz-cut.dcm"),
    truncated ? truncated.bytes.subarray(0, 20_000) : new Uint8Array(),
  );
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a radiographer adds a folder: every file gets its answer, and what was taken in stands on the list", async ({
  page,
}) => {
  await signIn(page, "Ms Grace Fielding");
  const complaints = complaintsOf(page);
  await page.goto(`${base()}/upload`);
  await expect(page.getByRole("button", { name: "Choose a folder" })).toBeEnabled();
  await page.getByLabel("Folder of DICOM files").setInputFiles(path.join(folder, "disc"));
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  await expect(row("readme.txt")).toContainText("neither DICOM nor HL7 v2");
  await expect(row("zz-cut.dcm")).toContainText("The image data ends too early.");
  await expect(row("zz-cut.dcm")).toContainText(/quarantin/i);
  await expect(page.getByRole("progressbar")).toHaveAttribute("value", /\d/);
  await expect(
    page
      .getByRole("row")
      .filter({ hasText: /Accepted/i })
      .first(),
  ).toBeVisible();
  await expectNoWaiting(page);
  await page.goto(`${base()}/worklist`);
  await openFromList(page, "BARLOW", study.description);
  await expect(viewportOf(page)).toHaveAttribute("data-count", "1");
  expect(complaints).toEqual([]);
});

/** Every file has ended one way or the other, and the sending too: until then the browser asks before the page is left. */
async function expectNoWaiting(page: import("@playwright/test").Page): Promise<void> {
  await expect(page.getByRole("row").filter({ hasText: /Waiting|Sending|Arrived/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Choose a folder" })).toBeEnabled();
}

test("the same folder again changes nothing: duplicates, said in words", async ({ page }) => {
  await signIn(page, "Ms Grace Fielding");
  await page.goto(`${base()}/upload`);
  await expect(page.getByRole("button", { name: "Choose a folder" })).toBeEnabled();
  await page.getByLabel("Folder of DICOM files").setInputFiles(path.join(folder, "disc"));
  await expect(
    page
      .getByRole("row")
      .filter({ hasText: /duplicate|already/i })
      .first(),
  ).toBeVisible();
  await expectNoWaiting(page);
});

test("who may not add images is told so", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await page.goto(`${base()}/upload`);
  await expectAccessible(page, () => expect(page.getByText("Your role doesn't add images")).toBeVisible());
});
