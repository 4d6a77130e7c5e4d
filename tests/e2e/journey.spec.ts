import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { ctAt, ctLookOf, type DemoStudy, filesOf, rulerOf } from "@weald/dev-env/phantoms";
import { greyAt, measure, send, signIn, untilReady, viewportOf } from "./portal.ts";

const study: DemoStudy = {
  key: `journey-${process.pid}`,
  patient: "hollis",
  custodian: "RXC",
  site: "Conquest",
  kind: "ct-head",
  daysAgo: 0,
  time: "201500",
  description: "CT Head journey",
  procedure: "CSKUH",
  bodyPart: "HEAD",
};
const look = ctLookOf(study, "small");
const folder = mkdtempSync(path.join(tmpdir(), "weald-journey-"));

test.beforeAll(() => {
  for (const file of filesOf(study)) {
    const target = path.join(folder, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.bytes);
  }
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HU = 1024;
/** Linear, as PS3.3 §C.11.2.1.2.1 has it, with what the display makes of it: 0 to 255. */
const shownGrey = (stored: number, center: number, width: number): number =>
  Math.min(255, Math.max(0, ((stored - HU - (center - 0.5)) / (width - 1) + 0.5) * 255));

/** What lies between four pixels, as the renderer interpolates. Places count from the first pixel's corner. */
function storedBetween(column: number, row: number, slice: number): number {
  const [x, y] = [column - 0.5, row - 0.5];
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const at = (dx: number, dy: number) => ctAt(x0 + dx, y0 + dy, slice, look);
  const top = at(0, 0) * (1 - fx) + at(1, 0) * fx;
  return top * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy;
}

const PLACES = [60, 75, 96, 110, 130].flatMap((column) =>
  [50, 80, 100, 120].map((row) => ({ column: column + 0.5, row: row + 0.5 })),
);

async function expectPhantom(page: import("@playwright/test").Page, slice: number): Promise<void> {
  for (const { column, row, grey } of await greyAt(page, PLACES)) {
    const expected = shownGrey(storedBetween(column, row, slice), 600, 2800);
    expect(
      Math.abs(grey - expected),
      `slice ${slice} at ${column.toFixed(1)},${row.toFixed(1)}: ${grey} for ${expected.toFixed(1)}`,
    ).toBeLessThanOrEqual(4);
  }
}

test("a study sent by a trust appears without a reload, its pixels are the phantom's, and a known length measures true", async ({
  page,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await expect(page.getByRole("row").filter({ hasText: "CT Head journey" })).toHaveCount(0);

  const { code, lines } = await send("RXC", [folder]);
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatchObject({
    files: look.slices,
    accepted: look.slices,
    quarantined: 0,
    waiting: 0,
  });

  const row = page.getByRole("row").filter({ hasText: "CT Head journey" });
  await expect(row).toBeVisible();
  await expect(row).toContainText("60 images, complete by the source's count");
  await row.getByRole("link").click();
  await untilReady(page);
  await expect(page.getByTestId("patient-name")).toHaveText("HOLLIS, Margaret");

  await page.keyboard.press("2");
  await expect(page.getByTestId("window")).toHaveText("Bone · C 600 W 2800");
  await expectPhantom(page, 0);

  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowDown");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "21");
  await untilReady(page);
  await expectPhantom(page, 21);

  const ruler = rulerOf(look.size, look.spacingMm);
  const middle = (at: { column: number; row: number }) => ({ column: at.column + 0.5, row: at.row + 0.5 });
  await measure(page, middle(ruler.from), middle(ruler.to));
  const text = await page.locator("svg text").filter({ hasText: "mm" }).first().textContent();
  const [, millimetres] = /([\d.]+) mm \(in the patient\)/.exec(text ?? "") ?? [];
  expect(Math.abs(Number(millimetres) - ruler.lengthMm)).toBeLessThan(look.spacingMm);

  await page.keyboard.press("d");
  await expect(page.getByRole("complementary", { name: "Report" })).toContainText("No report was received");
});
