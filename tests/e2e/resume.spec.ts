import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { type DemoStudy, filesOf } from "@weald/dev-env/phantoms";
import { base, send, signIn, untilReady, viewportOf } from "./portal.ts";

const study: DemoStudy = {
  key: `resume-${process.pid}`,
  patient: "hollis",
  custodian: "RXC",
  site: "Conquest",
  kind: "ct-head",
  daysAgo: 0,
  time: "201700",
  description: `CT Head resume ${process.pid}`,
  procedure: "CSKUH",
  bodyPart: "HEAD",
};
const first = mkdtempSync(path.join(tmpdir(), "weald-resume-"));
const later = mkdtempSync(path.join(tmpdir(), "weald-resume-later-"));

test.beforeAll(() => {
  const files = [...filesOf(study)].filter(({ kind }) => kind === "dicom");
  for (const [at, file] of files.entries()) {
    const target = path.join(at === files.length - 1 ? later : first, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.bytes);
  }
});
test.afterAll(() => {
  for (const folder of [first, later]) rmSync(folder, { recursive: true, force: true });
});

const rowOf = (page: Page) => page.getByRole("row").filter({ hasText: study.description });
async function open(page: Page): Promise<void> {
  await rowOf(page).getByRole("link").first().click();
  await untilReady(page);
}
const imageIs = (page: Page, index: number) =>
  expect(viewportOf(page)).toHaveAttribute("data-index", String(index));

test("where a reader stopped is offered the next time, by one key there and back; what came since they looked is told until they look", async ({
  page,
}) => {
  // The list stands open already: what it was when it was opened hasn't the row, and back comes to that at first.
  await signIn(page, "Dr Rohan Patel");
  expect((await send("RXC", [first])).code).toBe(0);
  await open(page);
  const offer = page.getByRole("button", { name: /where you were at/ });
  // Never on a first look.
  await expect(offer).toHaveCount(0);
  const kept = page.waitForResponse((answer) => answer.url().includes("annotation.keepBookmark"));
  await page.keyboard.press("PageDown");
  await imageIs(page, 10);
  expect((await kept).ok()).toBe(true);
  await page.keyboard.press("Escape");
  // Back comes to the row that one left.
  await expect(rowOf(page).getByRole("link").first()).toBeFocused();

  await open(page);
  await imageIs(page, 0);
  await expect(offer).toHaveText(/Go to where you were at .*\(J\)/);
  await page.keyboard.press("j");
  await imageIs(page, 10);
  await untilReady(page);
  await expect(offer).toHaveText(/To the start \(J\)/);
  await page.keyboard.press("j");
  await imageIs(page, 0);
  await page.keyboard.press("Escape");

  await expect(rowOf(page)).toHaveCount(1);
  await expect(rowOf(page)).not.toContainText("New since you looked");
  expect((await send("RXC", [later])).code).toBe(0);
  await expect(rowOf(page)).toContainText("New since you looked: images");
  await open(page);
  await page.keyboard.press("Escape");
  await expect(rowOf(page)).toHaveCount(1);
  await expect(rowOf(page)).not.toContainText("New since you looked");

  // A row that is clicked before the list's own code runs is followed by the browser; back comes to it all the same.
  await page.route("**/_next/static/**/*.js", (route) => route.abort());
  await page.goto(`${base()}/worklist`);
  await rowOf(page).getByRole("link").first().click();
  await page.waitForURL(/\/studies\//);
  await page.unroute("**/_next/static/**/*.js");
  await page.reload();
  await untilReady(page);
  await page.keyboard.press("Escape");
  await expect(rowOf(page).getByRole("link").first()).toBeFocused();
});
