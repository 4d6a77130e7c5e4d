import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { greyAt, openFromList, send, signInAgain, untilReady, viewportOf } from "./portal.ts";

const [SIDE, SLICES] = [256, 40];
const WINDOW = { center: 1000, width: 2000 };
const folder = mkdtempSync(path.join(tmpdir(), "weald-packs-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A ramp in both directions, another one for each image. */
const valueAt = (column: number, row: number, number: number) => 20 * number + 3 * column + 2 * row;
const shownGrey = (value: number) =>
  Math.max(0, Math.min(255, ((value - (WINDOW.center - 0.5)) / (WINDOW.width - 1) + 0.5) * 255));

const text = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const [study, series] = [mintUid(), mintUid()];

function slice(number: number): Uint8Array {
  const values = Uint16Array.from({ length: SIDE * SIDE }, (_, at) =>
    valueAt(at % SIDE, Math.floor(at / SIDE), number),
  );
  return writePart10({
    dataset: {
      "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.2"),
      "00080018": text("UI", mintUid()),
      "00080020": text("DA", "20261121"),
      "00080030": text("TM", "081500"),
      "00080060": text("CS", "CT"),
      "00081030": text("LO", "CT for packing"),
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Packer^Test" }] },
      "00100020": text("LO", "PACKED-1"),
      "00100030": text("DA", "19690203"),
      "00100040": text("CS", "F"),
      "0020000D": text("UI", study),
      "0020000E": text("UI", series),
      "00200013": text("IS", number),
      "00280002": text("US", 1),
      "00280004": text("CS", "MONOCHROME2"),
      "00280010": text("US", SIDE),
      "00280011": text("US", SIDE),
      "00280100": text("US", 16),
      "00280101": text("US", 12),
      "00280102": text("US", 11),
      "00280103": text("US", 0),
      "00281050": text("DS", WINDOW.center),
      "00281051": text("DS", WINDOW.width),
    },
    pixelData: new Uint8Array(values.buffer),
    transferSyntaxUid: EXPLICIT_LITTLE,
  });
}

/** What the minute's timer would do, now. */
async function tick(name: string): Promise<void> {
  const functions = `http://127.0.0.1:${Number(process.env.WEALD_E2E_PORT) + 8}/2015-03-31/functions`;
  const answer = await fetch(`${functions}/${name}/invocations`, { method: "POST", body: "{}" });
  expect(answer.ok).toBe(true);
}

test("a packed image says that it is reduced until its full detail is there, and is then what was sent", async ({
  page,
}) => {
  test.setTimeout(120_000);
  for (let number = 1; number <= SLICES; number += 1)
    writeFileSync(path.join(folder, `${number}.dcm`), slice(number));
  expect((await send("RXC", [folder])).lines.at(-1)).toMatchObject({ accepted: SLICES });

  const ranges = new Set<string>();
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  /**
   * Of this series (others are fetched ahead) its first picture, the two beside it, and the lowest resolutions of all: the rest of the
   * line is slow.
   */
  await page.route(new RegExp(`/series/${series}/packs/[^/]+/frames`), async (route) => {
    const range = route.request().headers().range ?? "";
    const isEarly = ranges.has(range) || ranges.size < 4;
    ranges.add(range);
    if (!isEarly) await released;
    await route.continue();
  });
  await signInAgain(page, "Dr Rohan Patel");
  await expect(async () => {
    await tick("RelayOutboxHandler");
    await tick("PackSeriesHandler");
    await openFromList(page, "PACKER", "CT for packing");
    expect(ranges.size).toBeGreaterThan(0);
  }).toPass();
  await expect.poll(() => ranges.size).toBeGreaterThan(3);
  const [first, next, afterNext, lowest] = [...ranges].map((range) => range.match(/\d+/g)?.map(Number) ?? []);
  expect(next?.[0]).toBe((first?.[1] ?? 0) + 1);
  expect(afterNext?.[0]).toBe((next?.[1] ?? 0) + 1);
  // Behind the frames: they differ little in length.
  expect(lowest?.[0]).toBeGreaterThan((first?.[1] ?? 0) * SLICES * 0.9);

  await expect(page.getByTestId("reduced")).toHaveCount(0);
  for (let step = 1; step <= 9; step += 1) await page.keyboard.press("ArrowDown");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "9");
  const reduced = page.getByTestId("reduced");
  await expect(reduced).toBeVisible();
  await expect(reduced).toContainText("REDUCED PICTURE, NOT FULL DETAIL");
  await expect(viewportOf(page)).toHaveAttribute("data-state", "loading");
  await expect(page.getByTestId("overlay")).toContainText("Loading, not full detail");
  const grey = await reduced.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext("2d")?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
    return data?.[0] ?? -1;
  });
  expect(Math.abs(grey - shownGrey(valueAt(SIDE / 2, SIDE / 2, 10)))).toBeLessThan(6);
  await page.screenshot({ path: test.info().outputPath("reduced.png") });

  release();
  await untilReady(page);
  await expect(reduced).toHaveCount(0);
  const places = [
    { column: 20.5, row: 30.5 },
    { column: 128.5, row: 128.5 },
    { column: 200.5, row: 60.5 },
  ];
  for (const { column, row, grey: shown } of await greyAt(page, places))
    expect(Math.abs(shown - shownGrey(valueAt(column - 0.5, row - 0.5, 10)))).toBeLessThan(3);
  await page.screenshot({ path: test.info().outputPath("full.png") });
});
