import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { dcmtkPicture, hasDcmtk, type Picture } from "./dcmtk-picture.ts";
import { base, colourAt, send, signIn, viewportOf } from "./portal.ts";

// In addition, where the machine has them: real files of many makers, which no clone holds.
const SHARED = path.resolve(import.meta.dirname, "../../../shared/dicom");
const MOST = process.env.WEALD_SOAK === "1" ? Number.POSITIVE_INFINITY : 24;
const TOLERANCE = 8;
// A coarse comparison, of what was chosen by nobody: it finds another window, an inversion, another frame.
const LEAST_ALIKE = 0.8;

type Real = { file: string; studyInstanceUid: string; isEnhanced: boolean };

/** One file with an image of each modality, class and transfer syntax that DCMTK reads, each of a study of its own. */
function realFiles(): Real[] {
  const manifest = path.join(SHARED, "manifest.tsv");
  if (!existsSync(manifest)) return [];
  const [head = "", ...lines] = readFileSync(manifest, "utf8").trim().split("\n");
  const names = head.split("\t");
  const column = (line: string, name: string) => line.split("\t")[names.indexOf(name)] ?? "";
  const byKind = new Map<string, Real>();
  const studies = new Set<string>();
  for (const line of lines) {
    const of = (name: string) => column(line, name);
    const kind = [of("modality"), of("sop_class"), of("transfer_syntax")].join(" ");
    if (!of("rows") || of("dcmtk") !== "ok" || byKind.has(kind) || studies.has(of("study_uid"))) continue;
    studies.add(of("study_uid"));
    byKind.set(kind, {
      file: path.join(SHARED, of("file")),
      studyInstanceUid: of("study_uid"),
      isEnhanced: of("file").includes("enhanced"),
    });
  }
  const all = [...byKind.values()];
  const step = Math.max(1, Math.floor(all.length / MOST));
  return all.filter((_, at) => at % step === 0).slice(0, MOST);
}

/** The portal's own id of each study that a reporter's list holds. */
async function studyIds(page: Page): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let cursor: unknown;
  do {
    const input = encodeURIComponent(JSON.stringify({ cursor }));
    const answer = await page.request.get(`${base()}/api/trpc/worklist.list?input=${input}`);
    const { result } = await answer.json();
    for (const row of result.data.rows) found.set(row.studyInstanceUid, row.studyId);
    cursor = result.data.next;
  } while (cursor);
  return found;
}

/** Whether a place is as DCMTK has it: somewhere between what lies around it, for a screen may hold fewer pixels. */
function isAlike(picture: Picture, column: number, row: number, shown: readonly number[]): boolean {
  const around = [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].map((along) => {
      const within = (at: number, size: number) => Math.max(0, Math.min(size - 1, at));
      return picture.at(within(column + along, picture.columns), within(row + down, picture.rows));
    }),
  );
  return shown.every((value, sample) => {
    const levels = around.map((one) => one[sample] ?? 0);
    return value >= Math.min(...levels) - TOLERANCE && value <= Math.max(...levels) + TOLERANCE;
  });
}

const GRID = [0.1, 0.26, 0.42, 0.5, 0.58, 0.74, 0.9];
const EMPTY_REASON = /This image can't be shown\s*$/;

test("real files of many makers are shown as DCMTK shows them, or the viewer says why not", async ({
  page,
}) => {
  const files = realFiles();
  if (files.length === 0) {
    console.log("no ../shared/dicom beside this project: 0 real files used");
    return;
  }
  test.setTimeout(20_000 * files.length + 120_000);
  const folder = mkdtempSync(path.join(tmpdir(), "weald-real-"));
  try {
    await send(
      "RXC",
      files.map(({ file }) => file),
    );
    await signIn(page, "Dr Rohan Patel");
    const ids = await studyIds(page);
    const told = { shown: 0, refused: 0, quarantined: 0, compared: 0 };
    for (const [at, { file, studyInstanceUid, isEnhanced }] of files.entries()) {
      const name = path.relative(SHARED, file);
      const studyId = ids.get(studyInstanceUid);
      if (!studyId) {
        told.quarantined += 1;
        continue;
      }
      await page.goto(`${base()}/studies/${studyId}`);
      // A protocol may first say which views are missing: the file's own series is asked for.
      await page.getByRole("navigation", { name: "Series" }).getByRole("button").first().click();
      const failure = page.getByRole("alert").filter({ hasText: "can't be shown" });
      const words = page.getByRole("region", { name: "Document" });
      const shown = viewportOf(page).and(page.locator('[data-state="ready"]'));
      await expect(failure.or(words).or(shown).first(), name).toBeVisible();
      if (!(await shown.count())) {
        told.refused += 1;
        const reasons = (await failure.or(words).allTextContents()).join(" ");
        expect.soft(reasons, name).not.toMatch(EMPTY_REASON);
        continue;
      }
      told.shown += 1;
      // DCMTK knows no window that stands with each frame.
      const picture =
        hasDcmtk() && !isEnhanced ? dcmtkPicture(file, path.join(folder, `${at}.pnm`)) : undefined;
      if (!picture) continue;
      told.compared += 1;
      const places = GRID.flatMap((x) =>
        GRID.map((y) => ({
          column: Math.floor(x * picture.columns) + 0.5,
          row: Math.floor(y * picture.rows) + 0.5,
        })),
      );
      const seen = await colourAt(page, places);
      const alike = seen.filter(({ column, row, colour }) => isAlike(picture, column, row, colour));
      expect
        .soft(alike.length / seen.length, `${name}: places as DCMTK has them`)
        .toBeGreaterThan(LEAST_ALIKE);
    }
    console.log(`real files of ../shared/dicom used: ${files.length}, ${JSON.stringify(told)}`);
    expect(told.quarantined + told.shown + told.refused).toBe(files.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
