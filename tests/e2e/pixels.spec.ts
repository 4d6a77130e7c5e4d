import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { mintUid } from "@weald/dicom";
import { fileNameOf, writeAll } from "../fixtures/coded/coded-study.ts";
import {
  flatPicture,
  markedPicture,
  type Pictured,
  picturedStudy,
  type Rgb,
  SIZE,
} from "../fixtures/pixels/pictured-study.ts";
import { dcmtkPicture, hasDcmtk } from "./dcmtk-picture.ts";
import { colourAt, openFromList, placedOf, send, signInAgain, untilReady, viewportOf } from "./portal.ts";

const study = {
  studyInstanceUid: mintUid(),
  patientId: "PIXELS-1",
  family: "Photometer",
  description: "Every way in which pixels are stored",
};
const folder = mkdtempSync(path.join(tmpdir(), "weald-pixels-"));
const us = (...Value: number[]) => ({ vr: "US", Value });
const is = (...Value: number[]) => ({ vr: "IS", Value });
/** The left upper quarter of the plane is set. */
const quarter = Uint8Array.from({ length: (SIZE * SIZE) / 8 }, (_, at) => {
  const [row, column] = [Math.floor(at / (SIZE / 8)), (at % (SIZE / 8)) * 8];
  return row < SIZE / 2 && column < SIZE / 2 ? 0xff : 0;
});
const SHUTTERED = "A shutter";
const PLANED = "A plane of marks";
const FLAT = "One value everywhere";
const marked = [
  { name: FLAT, bytes: flatPicture(study, 82, FLAT) },
  {
    name: SHUTTERED,
    bytes: markedPicture(study, 80, SHUTTERED, {
      "00181600": { vr: "CS", Value: ["RECTANGULAR"] },
      "00181602": is(16),
      "00181604": is(49),
      "00181606": is(16),
      "00181608": is(49),
    }),
  },
  {
    name: PLANED,
    bytes: markedPicture(study, 81, PLANED, {
      "60000010": us(SIZE),
      "60000011": us(SIZE),
      "60000040": { vr: "CS", Value: ["G"] },
      "60000050": { vr: "SS", Value: [1, 1] },
      "60000100": us(1),
      "60000102": us(0),
      "60003000": { vr: "OW", InlineBinary: Buffer.from(quarter).toString("base64") },
    }),
  },
];
let pictured: Pictured[] = [];

test.beforeAll(async () => {
  pictured = picturedStudy(study);
  writeAll(folder, [...pictured, ...marked]);
  const { code, lines } = await send("RXC", [folder]);
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatchObject({ accepted: pictured.length + marked.length, quarantined: 0 });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLACES = [6.5, 20.5, 31.5, 44.5, 57.5].flatMap((column) =>
  [5.5, 30.5, 58.5].map((row) => ({ column, row })),
);
const TOLERANCE = 4;

const choose = (page: Page, name: string) =>
  page
    .getByRole("navigation", { name: "Series" })
    .getByRole("button", { name: new RegExp(` ${name} 1 image`) })
    .click();

async function show(page: Page, name: string): Promise<void> {
  await choose(page, name);
  await expect(page.getByTestId("overlay").first()).toContainText(`OT ${name}`);
  await untilReady(page);
}

const apart = (a: Rgb, b: Rgb): number => Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? 0))));

test("every photometric interpretation, depth, sign, rescale and table is shown as the standard's formulae say", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "PHOTOMETER", study.description);
  for (const { name, shown } of pictured) {
    await choose(page, name);
    await expect(page.getByTestId("overlay").first()).toContainText(`OT ${name}`);
    await expect(viewportOf(page)).toHaveAttribute("data-state", /ready|failed/);
    const refused = page.getByRole("alert").filter({ hasText: "This image can't be shown" });
    expect.soft(await refused.allTextContents(), name).toEqual([]);
    if ((await refused.count()) > 0) continue;
    for (const { column, row, colour } of await colourAt(page, PLACES)) {
      const expected = shown(column - 0.5, row - 0.5);
      const text = `${name} at ${column.toFixed(1)},${row.toFixed(1)}: ${colour} for ${expected.map(Math.round)}`;
      expect.soft(apart(colour, expected), text).toBeLessThanOrEqual(TOLERANCE);
    }
  }
});

/** The value that a pixel has, by what is stored of it. */
const VALUES: Readonly<
  Record<string, { of(stored: number): number; stored: [number, number]; unit: string }>
> = {
  "16 bits signed, rescaled to HU": {
    ...{ stored: [-900, 2100], of: (value) => value - 100, unit: "rescaled, unit not stated" },
  },
  "rescaled by fractions": {
    ...{ stored: [0, 4095], of: (value) => value * 0.25 - 10.25, unit: "rescaled, unit not stated" },
  },
  "modality LUT, then a window": {
    ...{ stored: [0, 4095], unit: "by its table, unit not stated" },
    of: (value) => Math.round(50_000 * (value / 4095) ** 2),
  },
  "modality LUT of signed pixels, no window": {
    ...{ stored: [-500, 499], unit: "by its table, unit not stated" },
    of: (value) => Math.round(4000 * ((value + 500) / 999) ** 2),
  },
  "VOI LUT and no window": { stored: [0, 4095], of: (value) => value, unit: "stored values" },
};

test("the value of a pixel is what the modality's transform makes of it, with its unit", async ({ page }) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "PHOTOMETER", study.description);
  await page.keyboard.press("u");
  const panel = page.getByRole("complementary", { name: "Marks" });
  const [column, row] = [40, 21];
  for (const [name, { stored, of, unit }] of Object.entries(VALUES)) {
    await show(page, name);
    const { scale, left, top } = await placedOf(page);
    await page.keyboard.press("q");
    const box = await viewportOf(page).boundingBox();
    await page.mouse.click(
      (box?.x ?? 0) + left + (column + 0.5) * scale,
      (box?.y ?? 0) + top + (row + 0.5) * scale,
    );
    const [low, high] = stored;
    const kept = Math.round(low + ((high - low) * (2 * column + row)) / (3 * (SIZE - 1)));
    const value = of(kept);
    const text = Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(1);
    await expect(panel, name).toContainText(`Value ${text} ${unit}`);
  }
});

test("DCMTK reads the same pictures as the formulae", () => {
  if (!hasDcmtk()) {
    console.log("LEFT OUT DCMTK reads the same pictures as the formulae: dcm2pnm (DCMTK)");
    return;
  }
  // It reads no palette in segments.
  for (const { name, shown } of pictured.filter((one) => one.name !== "palette in segments")) {
    const file = path.join(folder, fileNameOf(name));
    const picture = dcmtkPicture(file, `${file}.pnm`);
    expect(picture, name).toBeDefined();
    if (!picture) continue;
    for (const { column, row } of PLACES) {
      const [expected, theirs] = [shown(column - 0.5, row - 0.5), picture.at(column, row)];
      const text = `${name} at ${column},${row}: DCMTK ${theirs} for ${expected.map(Math.round)}`;
      expect.soft(apart(theirs, expected), text).toBeLessThanOrEqual(TOLERANCE);
    }
  }
});

test("a picture of one value is shown, grey", async ({ page }) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "PHOTOMETER", study.description);
  await show(page, FLAT);
  const seen = await colourAt(page, PLACES);
  expect(new Set(seen.map(({ colour: [grey] }) => grey)).size).toBe(1);
  expect(seen[0]?.colour[0]).toBeGreaterThan(60);
  expect(seen[0]?.colour[0]).toBeLessThan(200);
});

test("a shutter hides what lies outside it, and a plane of marks lies where it says", async ({ page }) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "PHOTOMETER", study.description);
  await show(page, SHUTTERED);
  const { scale } = await placedOf(page);
  const shutter = page.getByTestId("shutter").locator("path");
  await expect(shutter).toHaveCount(1);
  const hole = await page.getByTestId("shutter").evaluate((svg) => {
    const path = svg.querySelector("path") as SVGPathElement;
    const at = (x: number, y: number) => path.isPointInFill(new DOMPoint(x, y));
    return [at(10, 32), at(32, 10), at(32, 32), at(47.5, 47.5), at(48.5, 32), at(15.5, 32)];
  });
  expect(hole).toEqual([true, true, false, false, true, true]);
  await show(page, PLANED);
  const plane = page.getByTestId("overlay-plane");
  await expect(plane).toHaveCount(1);
  const box = await plane.boundingBox();
  const set = await plane.evaluate((canvas) => {
    const pixels = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, 64, 64).data;
    return [0, 31 * 64 + 31, 32 * 64, 32].map((pixel) => pixels?.[pixel * 4 + 3]);
  });
  expect(set).toEqual([255, 255, 0, 0]);
  expect(Math.abs((box?.width ?? 0) - SIZE * scale)).toBeLessThan(2);
});
