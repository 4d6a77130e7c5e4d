import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { type DicomJson, EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { expectAccessible } from "./looking.ts";
import { base, placedOf, rowInList, send, signIn, untilReady, viewportOf } from "./portal.ts";

const SIZE = 256;
const text = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const numbers = (vr: string, ...Value: number[]) => ({ vr, Value });

/** A bright square from 64 to 192 on black: its edges are known places. `inside` and `outside` are stored values. */
function phantom(what: {
  description: string;
  modality: string;
  sopClass: string;
  more: DicomJson;
}): Uint8Array {
  const pixels = new Uint16Array(SIZE * SIZE).map((_, at) => {
    const [column, row] = [at % SIZE, Math.floor(at / SIZE)];
    return column >= 64 && column < 192 && row >= 64 && row < 192 ? 1084 : 24;
  });
  const dataset: DicomJson = {
    "00080005": text("CS", "ISO_IR 192"),
    "00080016": text("UI", what.sopClass),
    "00080018": text("UI", mintUid()),
    "00080020": text("DA", "20261120"),
    "00080030": text("TM", "101500"),
    "00080060": text("CS", what.modality),
    "00081030": text("LO", what.description),
    "00100010": { vr: "PN", Value: [{ Alphabetic: "Ruler^Marked" }] },
    "00100020": text("LO", "RXC-RULER"),
    "00100030": text("DA", "19610403"),
    "00100040": text("CS", "F"),
    "0020000D": text("UI", mintUid()),
    "0020000E": text("UI", mintUid()),
    "00200011": numbers("IS", 1),
    "00200013": numbers("IS", 1),
    "00201209": numbers("IS", 1),
    "00280002": numbers("US", 1),
    "00280004": text("CS", "MONOCHROME2"),
    "00280010": numbers("US", SIZE),
    "00280011": numbers("US", SIZE),
    "00280100": numbers("US", 16),
    "00280101": numbers("US", 12),
    "00280102": numbers("US", 11),
    "00280103": numbers("US", 0),
    "00281050": numbers("DS", 500),
    "00281051": numbers("DS", 2000),
    ...what.more,
  };
  const sorted = Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => a.localeCompare(b)));
  return writePart10({
    dataset: sorted,
    pixelData: new Uint8Array(pixels.buffer),
    transferSyntaxUid: EXPLICIT_LITTLE,
  });
}

const region = (x0: number, x1: number, cm: number): DicomJson => ({
  "00186012": numbers("US", 1),
  "00186014": numbers("US", 1),
  "00186018": numbers("UL", x0),
  "0018601A": numbers("UL", 0),
  "0018601C": numbers("UL", x1),
  "0018601E": numbers("UL", SIZE - 1),
  "00186024": numbers("US", 3),
  "00186026": numbers("US", 3),
  "0018602C": numbers("FD", cm),
  "0018602E": numbers("FD", cm),
});

const FILES = {
  ct: phantom({
    description: "CT ruler",
    modality: "CT",
    sopClass: "1.2.840.10008.5.1.4.1.1.2",
    more: {
      "00080008": text("CS", "ORIGINAL", "PRIMARY", "AXIAL"),
      "00200032": numbers("DS", 0, 0, 0),
      "00200037": numbers("DS", 1, 0, 0, 0, 1, 0),
      "00200052": text("UI", mintUid()),
      // Rows are further apart than columns: a tool that takes one for the other measures wrong.
      "00280030": numbers("DS", 0.8, 0.5),
      "00281052": numbers("DS", -1024),
      "00281053": numbers("DS", 1),
      "00281054": text("LO", "HU"),
    },
  }),
  mammogram: phantom({
    description: "XR Mammogram magnified ruler",
    modality: "MG",
    sopClass: "1.2.840.10008.5.1.4.1.1.1.2",
    more: {
      "00181114": numbers("DS", 1.8),
      "00181164": numbers("DS", 0.1, 0.1),
      "00185101": text("CS", "CC"),
      "00200062": text("CS", "L"),
    },
  }),
  ultrasound: phantom({
    description: "US ruler",
    modality: "US",
    sopClass: "1.2.840.10008.5.1.4.1.1.6.1",
    more: { "00186011": { vr: "SQ", Value: [region(0, 127, 0.02), region(128, 255, 0.05)] } },
  }),
};

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "weald-marks-"));
  for (const [name, bytes] of Object.entries(FILES)) writeFileSync(path.join(folder, `${name}.dcm`), bytes);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a ruler and looks at the viewport that shows it: a protocol may leave places for what isn't there. */
async function openRuler(page: Page, study: string): Promise<void> {
  await page.goto(`${base()}/worklist`);
  await (await rowInList(page, "RULER", study)).getByRole("link").first().click();
  const shown = page.locator('[data-testid$="viewport"][data-state="ready"]').first();
  await expect(shown).toBeVisible();
  // Without a click: the library takes what follows one at once for the rest of a double click.
  await shown.dispatchEvent("pointerdown");
  await untilReady(page);
}

type Place = readonly [number, number];
/** How much further apart rows are than columns, in the study that is open. */
let rowsPerColumn = 1;
async function drag(page: Page, key: string, ...places: Place[]): Promise<void> {
  const { scale, left, top } = await placedOf(page);
  const box = await viewportOf(page).boundingBox();
  if (!box) throw new Error("no viewport");
  const at = ([column, row]: Place) =>
    [box.x + left + column * scale, box.y + top + row * scale * rowsPerColumn] as const;
  await page.keyboard.press(key);
  const [first = [0, 0], ...rest] = places;
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...at(place), { steps: 5 });
  await page.mouse.up();
}
/** The text that stands beside the newest drawing of this tool. */
const beside = (page: Page, text: RegExp) => page.locator("svg text").filter({ hasText: text }).last();
const numberIn = async (page: Page, text: RegExp): Promise<number> => {
  await expect(beside(page, text)).toBeVisible();
  const [, found] = text.exec((await beside(page, text).textContent()) ?? "") ?? [];
  return Number(found);
};
const panel = (page: Page) => page.getByRole("complementary", { name: "Marks" });
/** Within a pixel, or 2 %. */
const expectTrue = (measured: number, truth: number, pixelMm: number) =>
  expect(Math.abs(measured - truth)).toBeLessThanOrEqual(Math.max(pixelMm, truth * 0.02));

test("what is drawn by mouse measures true: CT, a magnified mammogram, ultrasound with two regions", async ({
  page,
}) => {
  expect((await send("RXC", [folder])).lines.at(-1)).toMatchObject({ accepted: 3, quarantined: 0 });
  await signIn(page, "Dr Rohan Patel");
  await openRuler(page, "CT ruler");
  rowsPerColumn = 0.8 / 0.5;

  await drag(page, "m", [64, 128], [192, 128]);
  expectTrue(await numberIn(page, /([\d.]+) mm \(in the patient\)/), 64, 0.5);
  await drag(page, "m", [100, 64], [100, 192]);
  expectTrue(await numberIn(page, /([\d.]+) mm \(in the patient\)/), 102.4, 0.8);
  // Away from what is drawn: on a line the tool would take that line.
  await drag(page, "e", [150, 160], [170, 180]);
  expectTrue(await numberIn(page, /Mean ([-\d.]+) HU/), 60, 0.1);
  await drag(page, "q", [20, 20], [20.2, 20]);
  await expect(beside(page, /-1000 HU/)).toBeVisible();

  await openRuler(page, "XR Mammogram magnified ruler");
  rowsPerColumn = 1;
  await drag(page, "m", [64, 128], [192, 128]);
  expectTrue(await numberIn(page, /([\d.]+) mm \(corrected for magnification 1.8\)/), 12.8 / 1.8, 0.1);

  await openRuler(page, "US ruler");
  await drag(page, "m", [20, 40], [120, 40]);
  expectTrue(await numberIn(page, /([\d.]+) mm \(ultrasound region\)/), 20, 0.2);
  await drag(page, "m", [140, 80], [240, 80]);
  expectTrue(await numberIn(page, /([\d.]+) mm \(ultrasound region\)/), 50, 0.5);
  await drag(page, "m", [80, 200], [200, 200]);
  await expect(beside(page, /no scale here/)).toBeVisible();
});

test("marks are kept, undone, published to another reader, and a link restores the view for who may see it", async ({
  page,
  browser,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await openRuler(page, "CT ruler");
  rowsPerColumn = 0.8 / 0.5;
  await page.keyboard.press("u");
  // What the test before drew is still there: it is kept on the server, not in the window.
  const length = panel(page).getByRole("listitem").filter({ hasText: "Length" });
  await expect(length).toHaveCount(2);
  await expect(length.filter({ hasText: /Length 6[34]\.\d mm/ })).toHaveCount(1);
  await expect(beside(page, /mm \(in the patient\)/)).toBeVisible();

  await drag(page, "b", [80, 80], [180, 80]);
  const axes = panel(page).getByRole("listitem").filter({ hasText: "Two axes" });
  await expect(axes).toContainText(/Long axis [\d.]+ mm, Short axis [\d.]+ mm/);
  await page.keyboard.press("Control+z");
  await expect(axes).toHaveAttribute("data-state", "withdrawn");
  await expect(page.locator("svg text").filter({ hasText: "Long axis" })).toHaveCount(0);
  await page.keyboard.press("Control+y");
  await expect(axes).toHaveAttribute("data-state", "draft");

  await axes.getByRole("textbox", { name: "Label of Two axes" }).fill("the square");
  await page.keyboard.press("Enter");
  await expect(beside(page, /the square/)).toBeVisible();
  await page.getByRole("button", { name: "Key image (K)" }).click();
  await panel(page).getByRole("textbox", { name: "Note of Key image" }).fill("for the meeting");
  await page.keyboard.press("Enter");
  await panel(page)
    .getByRole("button", { name: /Publish my drafts/ })
    .click();
  await expect(panel(page).getByRole("button", { name: "Publish my drafts (0)" })).toBeVisible();
  await page.screenshot({ path: "../test-results/marks-panel.png" });

  // What they measured becomes a series of the study, and it points back to the image.
  await panel(page).getByRole("button", { name: "Send my measurements (DICOM SR)" }).click();
  await expect(panel(page).getByText("It is a series of the study now.")).toBeVisible();
  await panel(page).getByRole("button", { name: "Send my key images (DICOM KO)" }).click();
  await expect(panel(page).getByText("It is a series of the study now.")).toBeVisible();
  const download = page.waitForEvent("download");
  await panel(page).getByRole("button", { name: "Picture (PNG)" }).click();
  expect((await download).suggestedFilename()).toBe("image.png");
  await (await download).saveAs("../test-results/marks-picture.png");

  await page.keyboard.press("Escape");
  await openRuler(page, "CT ruler");
  const strip = page.getByRole("navigation", { name: "Series" });
  await strip.getByRole("button", { name: /^SR/ }).click();
  const points = page.getByRole("navigation", { name: "Images of this document" });
  await expect(points).toContainText(/Length 10[123]\.\d millimeter/);
  await page.screenshot({ path: "../test-results/marks-report.png" });
  await points.getByRole("button").first().click();
  await untilReady(page);
  await expect(strip.getByRole("button", { name: /^KO/ })).toBeVisible();
  await page.keyboard.press("3");
  await page.keyboard.press("+");
  await page.keyboard.press("i");
  await page.keyboard.press("u");
  await expect(page.getByTestId("window")).toContainText("Lung");
  await expect(page.getByRole("button", { name: "Invert (I)" })).toHaveAttribute("aria-pressed", "true");
  const window = (await page.getByTestId("window").textContent()) ?? "";
  const { scale } = await placedOf(page);
  await panel(page).getByRole("button", { name: "Link to this view" }).click();
  const link = await panel(page).getByRole("textbox", { name: "Link to this view" }).inputValue();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/studies\/[0-9a-f-]{36}\?view=[0-9a-f-]{36}$/);

  const other = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await signIn(other, "Dr Amara Okafor");
  await other.goto(link);
  await untilReady(other);
  await expect(other.getByTestId("window")).toHaveText(window);
  await expect(other.getByRole("button", { name: "Invert (I)" })).toHaveAttribute("aria-pressed", "true");
  await expect(beside(other, /the square/)).toBeVisible();
  await other.keyboard.press("u");
  const theirs = panel(other).getByRole("listitem").filter({ hasText: "the square" });
  await expect(theirs).toContainText(/Patel.*, radiologist, RA2 · published/);
  await expect(theirs.getByRole("button", { name: /Withdraw/ })).toHaveCount(0);
  expect(Math.abs((await placedOf(other)).scale / scale - 1)).toBeLessThan(0.35);
  await other.screenshot({ path: "../test-results/marks-other.png" });
  // The reader goes on from there, and the sender's window stays as it is.
  await other.keyboard.press("r");
  await expect(page.getByTestId("window")).toHaveText(window);

  const nobody = await (await browser.newContext()).newPage();
  await signIn(nobody, "Dr Ines Marlow");
  await nobody.goto(link);
  await expect(nobody.getByText(/doesn't open for you/)).toBeVisible();
  for (const one of [other, nobody]) await one.context().close();
});

test("the list of marks has no fault that axe finds, in both themes", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await openRuler(page, "CT ruler");
  await expectAccessible(page, async () => {
    await untilReady(page);
    if ((await panel(page).count()) === 0) await page.keyboard.press("u");
    await expect(panel(page).getByRole("listitem").first()).toBeVisible();
  });
  expect(page.url()).toContain(base());
});
