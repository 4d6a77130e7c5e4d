import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { type DicomJson, type DicomJsonValue, EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, placedOf, send, signIn, untilReady, viewportOf } from "./portal.ts";

/** Its frames of one bit a pixel don't end with a byte: the second begins inside of one. */
const SIZE = 250;
/** Rows are further apart than columns: a layer that takes one for the other is off. */
const [ROW_MM, COLUMN_MM] = [0.8, 0.5];
const CT = "1.2.840.10008.5.1.4.1.1.2";
const SEG = "1.2.840.10008.5.1.4.1.1.66.4";
const GSPS = "1.2.840.10008.5.1.4.1.1.11.1";

const of = (vr: string, ...Value: DicomJsonValue[]) => ({ vr, Value });
const sq = (...Value: DicomJson[]) => ({ vr: "SQ", Value });
const [study, series, frameOfReference] = [mintUid(), mintUid(), mintUid()];
const slices = [mintUid(), mintUid(), mintUid()];

const head = (sopClass: string, sop: string, modality: string): DicomJson => ({
  "00080005": of("CS", "ISO_IR 192"),
  "00080016": of("UI", sopClass),
  "00080018": of("UI", sop),
  "00080020": of("DA", "20261120"),
  "00080030": of("TM", "111500"),
  "00080060": of("CS", modality),
  "00081030": of("LO", "CT outlined"),
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Outline^Shown" }] },
  "00100020": of("LO", "RXC-OUTLINE"),
  "00100030": of("DA", "19610403"),
  "00100040": of("CS", "F"),
  "0020000D": of("UI", study),
  "0020000E": of("UI", modality === "CT" ? series : mintUid()),
  "00200052": of("UI", frameOfReference),
});
const pixels = (bits: number): DicomJson => ({
  "00280002": of("US", 1),
  "00280004": of("CS", "MONOCHROME2"),
  "00280010": of("US", SIZE),
  "00280011": of("US", SIZE),
  "00280100": of("US", bits),
  "00280101": of("US", bits === 16 ? 12 : bits),
  "00280102": of("US", bits === 16 ? 11 : bits - 1),
  "00280103": of("US", 0),
});
const written = (dataset: DicomJson, pixelData?: Uint8Array) =>
  writePart10({
    dataset: Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => a.localeCompare(b))),
    ...(pixelData ? { pixelData } : {}),
    transferSyntaxUid: EXPLICIT_LITTLE,
  });

const isLiver = (column: number, row: number) => column >= 50 && column < 150 && row >= 60 && row < 160;
const isSpleen = (column: number, row: number) => column >= 180 && column < 220 && row >= 200 && row < 230;

function slice(at: number): Uint8Array {
  const values = new Uint16Array(SIZE * SIZE).map((_, index) =>
    isLiver(index % SIZE, Math.floor(index / SIZE)) ? 1104 : 1024,
  );
  const dataset = {
    ...head(CT, slices[at] ?? "", "CT"),
    ...pixels(16),
    "00080008": of("CS", "ORIGINAL", "PRIMARY", "AXIAL"),
    "00200011": of("IS", 1),
    "00200013": of("IS", at + 1),
    "00201209": of("IS", slices.length),
    "00200032": of("DS", 0, 0, at * 3),
    "00200037": of("DS", 1, 0, 0, 0, 1, 0),
    "00280030": of("DS", ROW_MM, COLUMN_MM),
    "00281050": of("DS", 40),
    "00281051": of("DS", 400),
    "00281052": of("DS", -1024),
    "00281053": of("DS", 1),
    "00281054": of("LO", "HU"),
  };
  return written(dataset, new Uint8Array(values.buffer));
}

type Part = { slice: number; segment: number; isIn(column: number, row: number): boolean };
const PARTS: Part[] = [
  { slice: 0, segment: 1, isIn: isLiver },
  { slice: 1, segment: 1, isIn: isLiver },
  { slice: 1, segment: 2, isIn: isSpleen },
];

/** All frames behind each other, the lowest bit first. */
function packed(): Uint8Array {
  const count = SIZE * SIZE;
  const bits = new Uint8Array(Math.ceil((count * PARTS.length) / 8));
  for (const [frame, { isIn }] of PARTS.entries())
    for (let at = 0; at < count; at += 1) {
      const bit = frame * count + at;
      if (isIn(at % SIZE, Math.floor(at / SIZE))) bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  return bits;
}
const refer = (at: number): DicomJson => ({
  "00081150": of("UI", CT),
  "00081155": of("UI", slices[at] ?? ""),
});
const segment = (number: number, name: string, ...lab: number[]): DicomJson => ({
  "00620004": of("US", number),
  "00620005": of("LO", name),
  "00620008": of("CS", "AUTOMATIC"),
  "0062000D": of("US", ...lab),
});
const segmentation = () =>
  written(
    {
      ...head(SEG, mintUid(), "SEG"),
      ...pixels(1),
      "0008103E": of("LO", "Organs"),
      "00081115": sq({ "0020000E": of("UI", series), "0008114A": sq(refer(0), refer(1)) }),
      "00200011": of("IS", 2),
      "00200013": of("IS", 1),
      "00280008": of("IS", PARTS.length),
      "00620001": of("CS", "BINARY"),
      // Red, and blue.
      "00620002": sq(segment(1, "Liver", 35579, 53664, 50858), segment(2, "Spleen", 19379, 50449, 4104)),
      "00700081": of("LO", "Organs by machine"),
      "52009229": sq({
        "00209116": sq({ "00200037": of("DS", 1, 0, 0, 0, 1, 0) }),
        "00289110": sq({ "00280030": of("DS", ROW_MM, COLUMN_MM) }),
      }),
      "52009230": sq(
        ...PARTS.map((part) => ({
          "00089124": sq({ "00082112": sq(refer(part.slice)) }),
          "00209113": sq({ "00200032": of("DS", 0, 0, part.slice * 3) }),
          "0062000A": sq({ "0062000B": of("US", part.segment) }),
        })),
      ),
    },
    packed(),
  );

/** On the second slice: a window, a circle, an arrow's line, words, a shutter, and a picture that was flipped. */
const state = () =>
  written({
    ...head(GSPS, mintUid(), "PR"),
    "0008103E": of("LO", "Conference"),
    "00081115": sq({ "0020000E": of("UI", series), "00081140": sq(refer(1)) }),
    "00181600": of("CS", "RECTANGULAR"),
    "00181602": of("IS", 11),
    "00181604": of("IS", 240),
    "00181606": of("IS", 11),
    "00181608": of("IS", 240),
    "00181622": of("US", 0),
    "00200011": of("IS", 3),
    "00200013": of("IS", 1),
    "00281052": of("DS", -1024),
    "00281053": of("DS", 1),
    "00281054": of("LO", "HU"),
    "00283110": sq({ "00281050": of("DS", 90), "00281051": of("DS", 120) }),
    "00700001": sq({
      "00700002": of("CS", "LAYER"),
      "00700008": sq({
        "00700003": of("CS", "PIXEL"),
        "00700006": of("ST", "Seen in 2024"),
        "00700010": of("FL", 30, 20),
        "00700011": of("FL", 120, 40),
        "00700012": of("CS", "LEFT"),
      }),
      "00700009": sq(
        {
          "00700005": of("CS", "PIXEL"),
          "00700020": of("US", 2),
          "00700021": of("US", 2),
          "00700022": of("FL", 100, 110, 140, 110),
          "00700023": of("CS", "CIRCLE"),
          "00700024": of("CS", "N"),
        },
        {
          "00700005": of("CS", "DISPLAY"),
          "00700020": of("US", 2),
          "00700021": of("US", 2),
          "00700022": of("FL", 0, 0, 1, 1),
          "00700023": of("CS", "POLYLINE"),
          "00700024": of("CS", "N"),
        },
      ),
    }),
    "0070005A": sq({
      "00700052": of("SL", 1, 1),
      "00700053": of("SL", SIZE, SIZE),
      "00700100": of("CS", "SCALE TO FIT"),
    }),
    "00700041": of("CS", "Y"),
    "00700042": of("US", 0),
    "00700060": sq({ "00700002": of("CS", "LAYER"), "00700062": of("IS", 1) }),
    "00700080": of("CS", "MEETING"),
    "00700082": of("DA", "20261121"),
    "00700083": of("TM", "090000"),
    "00700084": { vr: "PN", Value: [{ Alphabetic: "Okafor^Amara" }] },
    "20500020": of("CS", "IDENTITY"),
  });

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "weald-others-"));
  for (const at of slices.keys()) writeFileSync(path.join(folder, `ct-${at}.dcm`), slice(at));
  writeFileSync(path.join(folder, "seg.dcm"), segmentation());
  writeFileSync(path.join(folder, "pr.dcm"), state());
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openOutlined(page: Page): Promise<void> {
  await page.goto(`${base()}/worklist`);
  await page.getByRole("row").filter({ hasText: "OUTLINE" }).getByRole("link").first().click();
  await untilReady(page);
}
const strip = (page: Page) => page.getByRole("navigation", { name: "Series" });
const said = (page: Page) => page.getByTestId("others");
const list = (page: Page) => page.getByRole("complementary", { name: "Segmentations" });
const canvases = (page: Page) => page.getByTestId("segments");

/** Red, green, blue and opacity of the segments' canvas at places of the picture. */
const coloursAt = (canvas: Locator, ...places: [number, number][]) =>
  canvas.evaluate((element, asked) => {
    const context = (element as HTMLCanvasElement).getContext("2d");
    return asked.map(([column, row]) => [...(context?.getImageData(column, row, 1, 1).data ?? [])]);
  }, places);

/** A layer lies where the picture lies: its corners by the scale of rows and of columns. */
async function expectOnPicture(page: Page, layer: Locator): Promise<void> {
  const [{ scale, left, top }, around, box] = [
    await placedOf(page),
    await viewportOf(page).boundingBox(),
    await layer.boundingBox(),
  ];
  if (!around || !box) throw new Error("nothing is drawn");
  const expected = [around.x + left, around.y + top, SIZE * scale, SIZE * scale * (ROW_MM / COLUMN_MM)];
  for (const [at, is] of [box.x, box.y, box.width, box.height].entries())
    expect(Math.abs(is - (expected[at] ?? 0)), `${at}`).toBeLessThan(1.5);
}

async function showSegments(page: Page): Promise<void> {
  await strip(page).getByRole("button", { name: /^SEG/ }).click();
  const document = page.getByRole("region", { name: "Document" });
  await expect(document).toContainText("Organs by machine: a segmentation of 2 segments.");
  await document.getByRole("button", { name: "Show on its images" }).click();
  await untilReady(page);
  await expect(said(page)).toHaveAttribute("data-state", "ready");
}

test("a segmentation lies over the images that it was made of, each segment named, on and off", async ({
  page,
}) => {
  expect((await send("RXC", [folder])).lines.at(-1)).toMatchObject({ accepted: 5, quarantined: 0 });
  const complaints = complaintsOf(page);
  await signIn(page, "Dr Rohan Patel");
  await openOutlined(page);
  await expect(canvases(page)).toHaveCount(0);

  await showSegments(page);
  await expect(viewportOf(page)).toHaveAttribute("data-index", "1");
  await expect(said(page)).toContainText("Liver (by a machine)");
  await expect(said(page)).toContainText("Spleen (by a machine)");
  await expect(list(page)).toContainText("2 of 2 on this image, made of it.");
  const [liver, edge, spleen, nothing] = await coloursAt(
    canvases(page),
    [50, 60],
    [49, 60],
    [219, 229],
    [220, 229],
  );
  expect(liver?.[0]).toBeGreaterThan(250);
  expect(liver?.[3]).toBe(255);
  expect(spleen?.[2]).toBeGreaterThan(250);
  expect([edge?.[3], nothing?.[3]]).toEqual([0, 0]);
  await expectOnPicture(page, canvases(page));
  await page.screenshot({ path: "../test-results/others-segments.png" });

  await list(page)
    .getByRole("checkbox", { name: /^Liver/ })
    .uncheck();
  await expect(said(page)).not.toContainText("Liver");
  await expect.poll(async () => (await coloursAt(canvases(page), [100, 100]))[0]?.[3]).toBe(0);
  expect((await coloursAt(canvases(page), [200, 210]))[0]?.[3]).toBe(255);
  await list(page)
    .getByRole("checkbox", { name: /^Liver/ })
    .check();

  // The frame before has the liver alone; the last has nothing.
  await list(page)
    .getByRole("checkbox", { name: /^Liver/ })
    .blur();
  await page.keyboard.press("Home");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "0");
  await expect(said(page)).toHaveText("Liver (by a machine)");
  await page.keyboard.press("End");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "2");
  await expect(canvases(page)).toHaveCount(0);
  await expect(list(page)).toContainText("Nothing of it lies on this image.");
  await page.keyboard.press("Escape");
  await expect(list(page)).toHaveCount(0);
  await expect(viewportOf(page)).toBeVisible();
  expect(complaints).toEqual([]);
});

test("a presentation state is put on the image that it names and comes off again", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await openOutlined(page);
  const window = page.getByTestId("window");
  await expect(window).toContainText("C 40 W 400");
  await strip(page).getByRole("button", { name: /^PR/ }).click();
  const document = page.getByRole("region", { name: "Document" });
  await expect(document).toContainText("As presented by Amara Okafor, 2026-11-21: MEETING");
  await document.getByRole("button", { name: "Show on its images" }).click();
  await untilReady(page);

  await expect(viewportOf(page)).toHaveAttribute("data-index", "1");
  await expect(window).toContainText("C 90 W 120");
  await expect(window).toContainText("As presented by Amara Okafor");
  await expect(said(page)).toContainText("FLIPPED as presented, not flipped here");
  // By display, of a picture that was flipped: it would stand on the wrong side.
  await expect(said(page)).toContainText("1 drawing not drawn here");
  const drawn = page.getByTestId("presentation");
  await expect(drawn.locator("text")).toHaveText("Seen in 2024");
  const { scale } = await placedOf(page);
  const circle = await drawn.locator('path[fill="none"]').boundingBox();
  // The browser adds eight pixels for corners that a line of two might have.
  expect(Math.abs((circle?.width ?? 0) - 80 * scale)).toBeLessThan(8.5);
  await expectOnPicture(page, drawn.locator('path[fill-rule="evenodd"]'));
  await page.screenshot({ path: "../test-results/others-presentation.png" });

  // Off: as the image itself asks; on again; and of the next image it says nothing.
  const toggle = page.getByRole("button", { name: "Presentation states" });
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  await toggle.click();
  await expect(drawn).toHaveCount(0);
  await expect(window).toContainText("C 40 W 400");
  await toggle.click();
  await expect(window).toContainText("C 90 W 120");
  await page.keyboard.press("End");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "2");
  await expect(drawn).toHaveCount(0);
  await expect(window).toContainText("C 40 W 400");
});

test("the list of segments is accessible", async ({ page }) => {
  await signIn(page, "Dr Rohan Patel");
  await openOutlined(page);
  await expectAccessible(page, async () => {
    await untilReady(page);
    await showSegments(page);
  });
});

const SHARED = path.resolve(import.meta.dirname, "../../../shared/dicom");
const REAL = [`${SHARED}/ct/three-slices`, `${SHARED}/seg/dcmqi__liver.dcm`];
const isThere = REAL.every((file) => existsSync(file));
if (!isThere) console.log("LEFT OUT a segmentation of another maker: ../shared/dicom");

if (isThere)
  test("a segmentation of another maker lies over its CT", async ({ page }) => {
    expect((await send("RXC", REAL)).lines.at(-1)).toMatchObject({ quarantined: 0 });
    await signIn(page, "Dr Rohan Patel");
    await page.goto(`${base()}/worklist`);
    await page.getByRole("row").filter({ hasText: "JANCT000" }).getByRole("link").first().click();
    await untilReady(page);
    await strip(page).getByRole("button", { name: /^SEG/ }).click();
    await page.getByRole("button", { name: "Show on its images" }).click();
    await untilReady(page);
    await expect(said(page)).toHaveText("Liver (by a person with a machine)");
    await expect(said(page)).toHaveAttribute("data-state", "ready");
    await page.screenshot({ path: "../test-results/others-liver.png" });
  });
