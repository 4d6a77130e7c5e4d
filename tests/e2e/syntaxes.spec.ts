import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { mintUid } from "@weald/dicom";
import {
  type Coded,
  codedStudy,
  unreadable,
  valueAt,
  WINDOW,
  writeAll,
} from "../fixtures/coded/coded-study.ts";
import { greyAt, openFromList, send, signInAgain, untilReady, viewportOf } from "./portal.ts";

const study = {
  studyInstanceUid: mintUid(),
  patientId: "SYNTAX-1",
  family: "Codec",
  description: "One picture in every transfer syntax",
};
const folder = mkdtempSync(path.join(tmpdir(), "weald-syntaxes-"));
const hasDcmtk = spawnSync("dcmcjpeg", ["--version"]).status === 0;
if (!hasDcmtk) console.log("LEFT OUT JPEG lossless in the viewer: dcmcjpeg (DCMTK)");
const MPEG = { syntax: "1.2.840.10008.1.2.4.102", name: "H264 film" };
const PART_2 = { syntax: "1.2.840.10008.1.2.4.92", name: "JPEG 2000 part 2" };
/** Its decoder is not true to values of 12 bits: shown as 8 bits alone. */
const REFINED = "1.2.840.10008.1.2.4.55";
let coded: Coded[] = [];

test.beforeAll(async () => {
  coded = await codedStudy(study, hasDcmtk ? "with DCMTK" : "without");
  writeAll(folder, [
    ...coded,
    { name: MPEG.name, bytes: unreadable(study, MPEG.syntax, 90, MPEG.name) },
    { name: PART_2.name, bytes: unreadable(study, PART_2.syntax, 91, PART_2.name) },
  ]);
  const { code, lines } = await send("RXC", [folder]);
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatchObject({ accepted: coded.length + 2, quarantined: 0 });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLACES = [10.5, 30.5, 47.5, 70.5, 88.5].flatMap((column) =>
  [12.5, 48.5, 80.5].map((row) => ({ column, row })),
);

/** Linear, as PS3.3 §C.11.2.1.2.1 has it. */
function shownGrey(column: number, row: number, bits: 8 | 12): number {
  const { center, width } = WINDOW[bits];
  const value = valueAt(column - 0.5, row - 0.5, bits);
  return Math.min(255, Math.max(0, ((value - (center - 0.5)) / (width - 1) + 0.5) * 255));
}

test("every transfer syntax that the codecs know shows the same picture; the others say so in words", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "CODEC", study.description);
  const strip = page.getByRole("navigation", { name: "Series" });
  const isRefused = ({ syntax, bits }: Coded) => syntax === REFINED && bits > 8;
  for (const { name } of coded.filter(isRefused)) {
    await strip.getByRole("button", { name: new RegExp(` ${name} 1 image`) }).click();
    await expect(page.getByRole("alert").filter({ hasText: "would not show truly" })).toBeVisible();
    await expect(viewportOf(page)).toHaveAttribute("data-state", "failed");
  }
  for (const { name, bits, tolerance } of coded.filter((one) => !isRefused(one))) {
    await strip.getByRole("button", { name: new RegExp(` ${name} 1 image`) }).click();
    await expect(page.getByTestId("overlay")).toContainText(`OT ${name}`);
    await untilReady(page);
    for (const { column, row, grey } of await greyAt(page, PLACES))
      expect
        .soft(
          Math.abs(grey - shownGrey(column, row, bits)),
          `${name} at ${column.toFixed(1)},${row.toFixed(1)}: ${grey}`,
        )
        .toBeLessThanOrEqual(tolerance);
  }
  await strip.getByRole("button", { name: new RegExp(MPEG.name) }).click();
  await expect(page.getByRole("region", { name: "Document" })).toContainText(
    "This is video (MPEG), which this viewer doesn't play yet.",
  );
  await strip.getByRole("button", { name: new RegExp(PART_2.name) }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This image can't be shown" })).toContainText(
    PART_2.syntax,
  );
  await expect(viewportOf(page)).toHaveAttribute("data-state", "failed");
  // What can't be shown doesn't stand in the way of what can.
  await strip.getByRole("button", { name: / RLE 1 image/ }).click();
  await untilReady(page);
});
