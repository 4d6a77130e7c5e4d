import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Download, expect, type Locator, type Page, test } from "@playwright/test";
import { type DicomJson, type DicomJsonValue, EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { openFromList, placedOf, send, signInAgain, untilReady, viewportOf } from "./portal.ts";

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
const written = (
  dataset: DicomJson,
  pixelData?: Uint8Array | Uint8Array[],
  transferSyntaxUid = EXPLICIT_LITTLE,
) =>
  writePart10({
    dataset: Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => a.localeCompare(b))),
    ...(pixelData ? { pixelData } : {}),
    transferSyntaxUid,
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

/** One plane of bytes in literal runs of PackBits. @see DICOM PS3.5 §G */
function rle(plane: Uint8Array): Uint8Array {
  const runs: Uint8Array[] = [];
  for (let at = 0; at < plane.length; at += 128) {
    const run = plane.subarray(at, at + 128);
    runs.push(Uint8Array.of(run.length - 1), run);
  }
  const header = Buffer.alloc(64);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(64, 4);
  const all = Buffer.concat([header, ...runs]);
  return all.length % 2 === 0 ? all : Buffer.concat([all, Buffer.alloc(1)]);
}
/** Of the last slice: each pixel has the number of its segment. Stored by RLE. */
const labelMap = () =>
  written(
    {
      ...head("1.2.840.10008.5.1.4.1.1.66.7", mintUid(), "SEG"),
      ...pixels(8),
      "0008103E": of("LO", "Labels"),
      "00081115": sq({ "0020000E": of("UI", series), "0008114A": sq(refer(2)) }),
      "00200011": of("IS", 5),
      "00200013": of("IS", 1),
      "00280008": of("IS", 1),
      "00620001": of("CS", "LABELMAP"),
      "00620002": sq(
        segment(1, "Bone", 35579, 53664, 50858),
        segment(7, "Air", 19379, 50449, 4104),
        segment(9, "Not there", 19379, 50449, 4104),
      ),
      "00700081": of("LO", "Labels by machine"),
      "52009229": sq({
        "00209116": sq({ "00200037": of("DS", 1, 0, 0, 0, 1, 0) }),
        "00289110": sq({ "00280030": of("DS", ROW_MM, COLUMN_MM) }),
      }),
      "52009230": sq({
        "00089124": sq({ "00082112": sq(refer(2)) }),
        "00209113": sq({ "00200032": of("DS", 0, 0, 6) }),
      }),
    },
    [
      rle(
        Uint8Array.from({ length: SIZE * SIZE }, (_, at) => {
          const [column, row] = [at % SIZE, Math.floor(at / SIZE)];
          return isLiver(column, row) ? 1 : isSpleen(column, row) ? 7 : 0;
        }),
      ),
    ],
    "1.2.840.10008.1.2.5",
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
      // The screen's left upper corner is the picture's right upper one: it was flipped.
      "00700052": of("SL", SIZE, 1),
      "00700053": of("SL", 1, SIZE),
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

/** The part that the first slice's state shows, by edges of pixels; and a block of marks in its plane. */
const PART = { left: 40, top: 50, right: 160, bottom: 170 };
const BLOCK = { from: 100, to: 120 };
const marks = Uint8Array.from({ length: Math.ceil((SIZE * SIZE) / 16) * 2 }, (_, byte) => {
  const isIn = (at: number) => at >= BLOCK.from && at < BLOCK.to;
  return Array.from({ length: 8 }, (_, bit) => byte * 8 + bit).reduce(
    (all, at, bit) =>
      isIn(at % SIZE) && isIn(Math.floor(at / SIZE)) && at < SIZE * SIZE ? all | (1 << bit) : all,
    0,
  );
});
/** On the first slice: rotated, a part, a curve of shades (64 at 0 HU, 192 at 80), turned to the negative, a plane of marks. */
const rotated = () =>
  written({
    ...head(GSPS, mintUid(), "PR"),
    "0008103E": of("LO", "Rotated"),
    "00081115": sq({ "0020000E": of("UI", series), "00081140": sq(refer(0)) }),
    "00200011": of("IS", 4),
    "00200013": of("IS", 1),
    "00281052": of("DS", -1024),
    "00281053": of("DS", 1),
    "00281054": of("LO", "HU"),
    "00283110": sq({
      "00283010": sq({
        "00283002": of("US", 101, 0, 8),
        "00283006": of("US", ...Array.from({ length: 101 }, (_, at) => Math.round(64 + at * 1.6))),
      }),
    }),
    "60000010": of("US", SIZE),
    "60000011": of("US", SIZE),
    "60000040": of("CS", "G"),
    "60000050": of("SS", 1, 1),
    "60000100": of("US", 1),
    "60000102": of("US", 0),
    "60001001": of("CS", "MARKS"),
    "60003000": { vr: "OW", InlineBinary: Buffer.from(marks).toString("base64") },
    "0070005A": sq({
      "00700052": of("SL", PART.left + 1, PART.bottom),
      "00700053": of("SL", PART.right, PART.top + 1),
      "00700100": of("CS", "SCALE TO FIT"),
    }),
    "00700041": of("CS", "N"),
    "00700042": of("US", 90),
    "00700060": sq({ "00700002": of("CS", "MARKS"), "00700062": of("IS", 1) }),
    "00700080": of("CS", "LYING"),
    "00700082": of("DA", "20261121"),
    "00700083": of("TM", "100000"),
    "00700084": { vr: "PN", Value: [{ Alphabetic: "Okafor^Amara" }] },
    "20500020": of("CS", "INVERSE"),
  });

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "weald-others-"));
  for (const at of slices.keys()) writeFileSync(path.join(folder, `ct-${at}.dcm`), slice(at));
  writeFileSync(path.join(folder, "seg.dcm"), segmentation());
  writeFileSync(path.join(folder, "labels.dcm"), labelMap());
  writeFileSync(path.join(folder, "pr.dcm"), state());
  writeFileSync(path.join(folder, "pr-rotated.dcm"), rotated());
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openOutlined(page: Page): Promise<void> {
  await openFromList(page, "OUTLINE");
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
  await strip(page)
    .getByRole("button", { name: /Organs/ })
    .click();
  const document = page.getByRole("region", { name: "Document" });
  await expect(document).toContainText("Organs by machine: a segmentation of 2 segments.");
  await document.getByRole("button", { name: "Show on its images" }).click();
  await untilReady(page);
  await expect(said(page)).toHaveAttribute("data-state", "ready");
}

test("a segmentation lies over the images that it was made of, each segment named, on and off", async ({
  page,
}) => {
  expect((await send("RXC", [folder])).lines.at(-1)).toMatchObject({ accepted: 7, quarantined: 0 });
  const complaints = complaintsOf(page);
  await signInAgain(page, "Dr Rohan Patel");
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

  // A label map that was stored compressed: its pixels say which of its segments are there.
  await list(page).getByRole("checkbox", { name: "Labels by machine" }).check();
  await expect(said(page)).toHaveText("Bone (by a machine)Air (by a machine)");
  const [bone, air, neither] = await coloursAt(canvases(page), [149, 159], [180, 200], [179, 200]);
  expect(bone?.[0]).toBeGreaterThan(250);
  expect(air?.[2]).toBeGreaterThan(250);
  expect(neither?.[3]).toBe(0);
  const ofBone = list(page).getByRole("checkbox", { name: /^Bone/ });
  await ofBone.uncheck();
  await expect(said(page)).toHaveText("Air (by a machine)");
  await ofBone.blur();
  await page.keyboard.press("Escape");
  await expect(list(page)).toHaveCount(0);
  await expect(viewportOf(page)).toBeVisible();
  expect(complaints).toEqual([]);
});

/** Where a place of the picture lies in the viewport, by the matrix that is measured of what is drawn. */
async function spotsOf(page: Page, ...places: [column: number, row: number][]) {
  const {
    matrix: [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0],
  } = await placedOf(page);
  return places.map(([column, row]) => [a * column + c * row + e, b * column + d * row + f] as const);
}
/** What is on the canvas at places of the viewport. */
const greysAt = (page: Page, spots: readonly (readonly [x: number, y: number])[]) =>
  viewportOf(page)
    .locator("canvas")
    .first()
    .evaluate((element, asked) => {
      const canvas = element as HTMLCanvasElement;
      const ratio = canvas.width / canvas.clientWidth;
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext("2d");
      context?.drawImage(canvas, 0, 0);
      return asked.map(([x, y]) => context?.getImageData(x * ratio, y * ratio, 1, 1).data[0] ?? -1);
    }, spots);
async function sizeOf(page: Page): Promise<{ width: number; height: number }> {
  const box = await viewportOf(page).boundingBox();
  if (!box) throw new Error("no viewport");
  return box;
}
/** The letters at the edges of the picture. */
const lettersOn = (page: Page) =>
  page.getByTestId("overlay").evaluate((overlay) =>
    [...overlay.children]
      .filter((child) => child.tagName === "SPAN")
      .map((child) => child.textContent)
      .join(""),
  );

test("a presentation state is put on the image that it names and comes off again", async ({ page }) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openOutlined(page);
  const window = page.getByTestId("window");
  await expect(window).toContainText("C 40 W 400");
  await strip(page)
    .getByRole("button", { name: /Conference/ })
    .click();
  const document = page.getByRole("region", { name: "Document" });
  await expect(document).toContainText("As presented by Amara Okafor, 2026-11-21: MEETING");
  await document.getByRole("button", { name: "Show on its images" }).click();
  await untilReady(page);

  await expect(viewportOf(page)).toHaveAttribute("data-index", "1");
  await expect(window).toContainText("C 90 W 120");
  await expect(window).toContainText("As presented by Amara Okafor");
  // The picture is the other way round, its letters with it, and it says so.
  await expect(page.getByTestId("turned")).toHaveText("FLIPPED");
  expect(await lettersOn(page)).toBe("LRAP");
  const { width, height } = await sizeOf(page);
  const scale = Math.min(width / (SIZE * COLUMN_MM), height / (SIZE * ROW_MM)) * COLUMN_MM;
  // Sixty-five columns from the middle the liver is at the right, where the picture as it was sent has none.
  const [right = 0, left = 0] = await greysAt(page, [
    [width / 2 + 65 * scale, height / 2],
    [width / 2 - 65 * scale, height / 2],
  ]);
  expect(right).toBeGreaterThan(80);
  expect(left).toBeLessThan(5);
  await expect(said(page)).not.toContainText("not");
  const drawn = page.getByTestId("presentation");
  await expect(drawn.locator("text")).toHaveText("Seen in 2024");
  const circle = await drawn.locator('path[fill="none"]').first().boundingBox();
  // The browser adds eight pixels for corners that a line of two might have.
  expect(Math.abs((circle?.width ?? 0) - 80 * scale)).toBeLessThan(8.5);
  // From corner to corner of what was shown.
  const across = await drawn.locator('path[d^="M250 0"]').boundingBox();
  expect(Math.abs((across?.width ?? 0) - SIZE * scale)).toBeLessThan(8.5);
  const shutter = await page.getByTestId("presented-shutter").locator("path").boundingBox();
  expect(Math.abs((shutter?.width ?? 0) - SIZE * scale)).toBeLessThan(1.5);
  await page.screenshot({ path: "../test-results/others-presentation.png" });

  // Off: as the image itself asks; on again; and of the last image nobody says anything.
  const toggle = page.getByRole("button", { name: "Presentation states" });
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  await toggle.click();
  await expect(drawn).toHaveCount(0);
  await expect(window).toContainText("C 40 W 400");
  await expect(page.getByTestId("turned")).toHaveCount(0);
  expect(await lettersOn(page)).toBe("RLAP");
  await toggle.click();
  await expect(window).toContainText("C 90 W 120");
  await expect(page.getByTestId("turned")).toHaveText("FLIPPED");
  await page.keyboard.press("End");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "2");
  await expect(drawn).toHaveCount(0);
  await expect(page.getByTestId("turned")).toHaveCount(0);
  await expect(window).toContainText("C 40 W 400");
  expect(await lettersOn(page)).toBe("RLAP");
});

test("a picture is rotated, a part of it shown, in the shades and with the marks that were presented", async ({
  page,
}) => {
  const reported = new Set<string>();
  page.on("request", (request) => {
    if (!/study\.displayed|reportDisplayed/.test(request.url())) return;
    for (const [seriesId] of (request.postData() ?? "").matchAll(/"seriesId":"[^"]+"/g))
      reported.add(seriesId);
  });
  await signInAgain(page, "Dr Rohan Patel");
  await openOutlined(page);
  await page.keyboard.press("Home");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "0");
  await untilReady(page);
  await page.getByRole("button", { name: "Presentation states" }).click();
  await expect(page.getByTestId("turned")).toHaveText("ROTATED 90°");
  await expect(said(page)).toHaveAttribute("data-state", "ready");
  await expect(said(page)).toHaveText("As presented by Amara Okafor, 2026-11-21: LYING");
  await expect(page.getByTestId("window")).toContainText("As presented by Amara Okafor");
  // Clockwise: what was at the left is at the top.
  expect(await lettersOn(page)).toBe("PARL");

  // Its part, lying on its side, is as large as the viewport lets it be, and in its middle.
  const { width, height } = await sizeOf(page);
  const [wide, high] = [(PART.bottom - PART.top) * ROW_MM, (PART.right - PART.left) * COLUMN_MM];
  const perMm = Math.min(width / wide, height / high);
  const [from, to] = await spotsOf(page, [PART.left, PART.bottom], [PART.right, PART.top]);
  const expected = [
    [(width - wide * perMm) / 2, (height - high * perMm) / 2],
    [(width + wide * perMm) / 2, (height + high * perMm) / 2],
  ];
  for (const [at, spot] of [from, to].entries())
    for (const axis of [0, 1] as const)
      expect(Math.abs((spot?.[axis] ?? 0) - (expected[at]?.[axis] ?? 0)), `${at}, ${axis}`).toBeLessThan(2);

  // 80 HU is 192 by the curve, 0 HU is 64; and then the negative.
  const [liver = 0, beside = 0] = await greysAt(page, await spotsOf(page, [140, 150], [45, 55]));
  expect(Math.abs(liver - (255 - 192))).toBeLessThanOrEqual(4);
  expect(Math.abs(beside - (255 - 64))).toBeLessThanOrEqual(4);

  const plane = page.getByTestId("presented-layer").getByTestId("overlay-plane");
  const [{ from: first, to: last }, around, box] = [
    BLOCK,
    await viewportOf(page).boundingBox(),
    await plane.boundingBox(),
  ];
  if (!around || !box) throw new Error("no plane is drawn");
  const [corner = [0, 0]] = await spotsOf(page, [0, SIZE]);
  expect(Math.abs(box.x - around.x - corner[0])).toBeLessThan(1.5);
  expect(Math.abs(box.y - around.y - corner[1])).toBeLessThan(1.5);
  const [inside, outside] = await coloursAt(plane, [first, last - 1], [first - 1, last]);
  expect([inside?.[3], outside?.[3]]).toEqual([255, 0]);
  await page.screenshot({ path: "../test-results/others-rotated.png" });
  // The picture was looked at, and so was how somebody presented it.
  await expect.poll(() => reported.size).toBe(2);

  // What the reader does from there is theirs: the fit leads back to what was presented.
  const off = async () => {
    const [spot] = await spotsOf(page, [PART.left, PART.bottom]);
    return Math.abs((spot?.[0] ?? 0) - (from?.[0] ?? 0));
  };
  await page.keyboard.press("+");
  await expect.poll(off).toBeGreaterThan(20);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await expect.poll(off).toBeLessThan(2);
  await page.keyboard.press("End");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "2");
  await expect(page.getByTestId("turned")).toHaveCount(0);
  // 0 HU in the image's own window, C 40 W 400, and not in the negative: once it is drawn where it stands.
  await expect
    .poll(async () => {
      const [background = 255] = await greysAt(page, await spotsOf(page, [20, 20]));
      return Math.abs(background - 102);
    })
    .toBeLessThanOrEqual(4);
});

/** Whether a line of drawings goes through a place of a picture that was taken out, or a pixel or two beside it. */
async function isInkOn(page: Page, taken: Download, [x, y]: readonly [number, number]): Promise<boolean> {
  const bytes = readFileSync(await taken.path()).toString("base64");
  return page.evaluate(
    async ({ png, at }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [image.width, image.height];
      const context = copy.getContext("2d");
      context?.drawImage(image, 0, 0);
      const { data } = context?.getImageData(Math.round(at[0]) - 2, Math.round(at[1]) - 2, 5, 5) ?? {
        data: [],
      };
      return Array.from({ length: 25 }, (_, pixel) => [...data.slice(4 * pixel, 4 * pixel + 3)]).some(
        ([red = 0, green = 0, blue = 0]) => red > 200 && green > 160 && blue < 150,
      );
    },
    { png: bytes, at: [x, y] as const },
  );
}

test("a picture carries drawings where that is asked for, words only once somebody looked; a page is printed", async ({
  page,
}) => {
  await page.addInitScript(() => {
    window.print = () => document.documentElement.setAttribute("data-printed", "yes");
  });
  await signInAgain(page, "Dr Rohan Patel");
  await openOutlined(page);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "1");
  await page.getByRole("button", { name: "Presentation states" }).click();
  await expect(page.getByTestId("turned")).toHaveText("FLIPPED");

  // A picture that was flipped is measured as it is: 50 columns of half a millimetre.
  const { left: leftBefore } = await placedOf(page);
  await page.keyboard.press("u");
  const marksList = page.getByRole("complementary", { name: "Marks" });
  await expect(marksList).toBeVisible();
  // The list takes its room from the picture, which goes elsewhere.
  await expect.poll(async () => (await placedOf(page)).left).not.toBe(leftBefore);
  const box = await viewportOf(page).boundingBox();
  const [one = [0, 0], other = [0, 0]] = await spotsOf(page, [160, 215], [210, 215]);
  await page.keyboard.press("m");
  await page.mouse.move((box?.x ?? 0) + one[0], (box?.y ?? 0) + one[1]);
  await page.mouse.down();
  await page.mouse.move((box?.x ?? 0) + (one[0] + other[0]) / 2, (box?.y ?? 0) + one[1], { steps: 4 });
  await page.mouse.move((box?.x ?? 0) + other[0], (box?.y ?? 0) + other[1], { steps: 4 });
  await page.mouse.up();
  await expect(marksList).toContainText(/Length 2[45]\.\d mm/);

  const take = async (click: Locator) => {
    const [taken] = await Promise.all([page.waitForEvent("download"), click.click()]);
    return taken;
  };
  // The edge of somebody's circle, and the middle of one's own length.
  const [edge = [0, 0], own = [0, 0]] = await spotsOf(page, [140, 110], [185, 215]);
  const without = page.getByRole("button", { name: "Without patient text" });
  const plain = await take(without);
  expect(await isInkOn(page, plain, edge)).toBe(false);
  expect(await isInkOn(page, plain, own)).toBe(false);
  await page.getByRole("checkbox", { name: /^With drawings/ }).check();
  await without.click();
  await expect(page.getByRole("alert").filter({ hasText: "Words that somebody typed" })).toBeVisible();
  const drawn = await take(page.getByRole("button", { name: /^I looked/ }));
  expect(await isInkOn(page, drawn, edge)).toBe(true);
  expect(await isInkOn(page, drawn, own)).toBe(true);
  await drawn.saveAs("../test-results/others-taken.png");

  const asked = page.waitForRequest(
    (request) => request.url().includes("takePicture") && (request.postData() ?? "").includes('"print"'),
  );
  await page.getByRole("button", { name: "Print the viewports" }).click();
  await asked;
  await expect(page.locator("html")).toHaveAttribute("data-printed", "yes");
  const paper = page.locator("[data-print]");
  for (const said of [
    "OUTLINE",
    "DEMONSTRATION",
    "CURRENT",
    "Not a certified medical device",
    "image 2 of 3",
  ])
    await expect(paper).toContainText(said);
  await expect(paper.locator("img")).toHaveCount(1);
  await page.emulateMedia({ media: "print" });
  await expect(paper).toBeVisible();
  await expect(viewportOf(page)).toBeHidden();
  await page.screenshot({ path: "../test-results/others-paper.png" });
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect(paper).toHaveCount(0);
  // What a browser prints by itself is a sentence: no picture is on paper and on nobody's record.
  await expect(page.getByText("Images are printed from Weald by")).toBeVisible();
  await expect(viewportOf(page)).toBeHidden();
});

test("the list of segments is accessible", async ({ page }) => {
  await signInAgain(page, "Dr Rohan Patel");
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
    await signInAgain(page, "Dr Rohan Patel");
    await openFromList(page, "JANCT000");
    await strip(page).getByRole("button", { name: /^SEG/ }).click();
    await page.getByRole("button", { name: "Show on its images" }).click();
    await untilReady(page);
    await expect(said(page)).toHaveText("Liver (by a person with a machine)");
    await expect(said(page)).toHaveAttribute("data-state", "ready");
    await page.screenshot({ path: "../test-results/others-liver.png" });
  });
