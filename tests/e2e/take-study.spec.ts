import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { entriesIn } from "../read-zip.ts";
import { base, rowInList, send, signIn, untilReady } from "./portal.ts";

const SIZE = 64;
const text = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const numbers = (vr: string, ...Value: number[]) => ({ vr, Value });
const [study, series] = [mintUid(), mintUid()];

const slice = (number: number): Uint8Array =>
  writePart10({
    dataset: {
      "00080005": text("CS", "ISO_IR 192"),
      "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.2"),
      "00080018": text("UI", mintUid()),
      "00080020": text("DA", "20261121"),
      "00080030": text("TM", "101500"),
      "00080060": text("CS", "CT"),
      "00081030": text("LO", "CT to take out"),
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Carrier^Zip" }] },
      "00100020": text("LO", "RXC-ZIP"),
      "00100030": text("DA", "19610403"),
      "00100040": text("CS", "F"),
      "0020000D": text("UI", study),
      "0020000E": text("UI", series),
      "00200011": numbers("IS", 1),
      "00200013": numbers("IS", number),
      "00201209": numbers("IS", 3),
      "00280002": numbers("US", 1),
      "00280004": text("CS", "MONOCHROME2"),
      "00280010": numbers("US", SIZE),
      "00280011": numbers("US", SIZE),
      "00280100": numbers("US", 16),
      "00280101": numbers("US", 12),
      "00280102": numbers("US", 11),
      "00280103": numbers("US", 0),
    },
    pixelData: new Uint8Array(2 * SIZE * SIZE).fill(number),
    transferSyntaxUid: EXPLICIT_LITTLE,
  });
const slices = [1, 2, 3].map(slice);

let folder = "";
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "weald-take-"));
  for (const [at, bytes] of slices.entries()) writeFileSync(path.join(folder, `${at}.dcm`), bytes);
  expect((await send("RXC", [folder])).lines.at(-1)).toMatchObject({ accepted: 3, quarantined: 0 });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const panel = (page: Page) => page.getByRole("complementary", { name: "Marks" });
async function openPanel(page: Page): Promise<void> {
  await signIn(page, "Dr Rohan Patel");
  await page.goto(`${base()}/worklist`);
  await (await rowInList(page, "CT to take out")).getByRole("link").first().click();
  const shown = page.locator('[data-testid$="viewport"][data-state="ready"]').first();
  await expect(shown).toBeVisible();
  await shown.dispatchEvent("pointerdown");
  await untilReady(page);
  await page.keyboard.press("u");
}
const NAMES = [1, 2, 3].map((number) => `DICOM/S0000001/I000000${number}`);

/** The picker answers with a real file of the browser's own: a dialogue of the system can't be driven. */
const pickerOfOurs = async () => {
  const root = await navigator.storage.getDirectory();
  return root.getFileHandle("taken.zip", { create: true });
};

test("a reader takes a study out as a zip of DICOM files, written as it is read", async ({ page }) => {
  await page.addInitScript(`window.showSaveFilePicker = ${pickerOfOurs}`);
  await openPanel(page);
  await panel(page).getByRole("button", { name: "Study as DICOM zip" }).click();
  await expect(panel(page).getByText("3 files were taken out; that is on the record.")).toBeVisible();
  await page.screenshot({ path: "../test-results/take-study.png" });
  const base64 = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const bytes = await (await (await root.getFileHandle("taken.zip")).getFile()).arrayBuffer();
    return btoa(Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join(""));
  });
  const zip = entriesIn(Buffer.from(base64, "base64"));
  expect([...zip.keys()]).toEqual([...NAMES, "DICOMDIR", "README.TXT"]);
  expect(NAMES.map((name) => zip.get(name))).toEqual(slices.map((bytes) => Buffer.from(bytes)));
  expect(String(zip.get("DICOMDIR"))).toContain("Carrier^Zip");
});

test("a browser that can't write as it reads keeps the zip as a download; a store that fails is said", async ({
  page,
}) => {
  await page.addInitScript("delete window.showSaveFilePicker");
  await openPanel(page);
  const download = page.waitForEvent("download");
  await panel(page).getByRole("button", { name: "This series as DICOM zip" }).click();
  expect((await download).suggestedFilename()).toBe("series.zip");
  const kept = path.join(folder, "series.zip");
  await (await download).saveAs(kept);
  expect([...entriesIn(readFileSync(kept)).keys()]).toEqual([...NAMES, "DICOMDIR", "README.TXT"]);

  const store = new URL(base());
  store.port = String(Number(store.port) + 1);
  await page.route(`${store.origin}/**`, (route) => route.abort());
  await panel(page).getByRole("button", { name: "Study as DICOM zip" }).click();
  await expect(panel(page).getByRole("alert")).toContainText("Nothing was kept.");
  await expect(panel(page).getByRole("button", { name: "Study as DICOM zip" })).toBeEnabled();
});
