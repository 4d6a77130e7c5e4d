import { execFile } from "node:child_process";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { isPrivateTag } from "../dataset/dictionary.ts";
import { DicomError } from "../errors.ts";
import type { DicomJson, Part10Object, PersonNameJson } from "../types.ts";
import { readPart10 } from "./read-part10.ts";

const CORPUS = path.resolve(import.meta.dirname, "../../../../../shared/dicom");
const run = promisify(execFile);

/** Files that are refused, and why. What isn't named here must be read. */
const REFUSED: Readonly<Record<string, string>> = {
  "archives/study.zip": "NOT_DICOM",
  "archives/traversal.zip": "NOT_DICOM",
  "ct/phantom-tilt/DIRFILE": "DICOMDIR",
  "odd-own/cut-in-header.dcm": "TRUNCATED",
  "odd-own/cut-in-pixels.dcm": "PIXEL_DATA_TRUNCATED",
  "odd-own/empty.dcm": "EMPTY_FILE",
  "odd-own/frames-lie.dcm": "FRAME_COUNT_MISMATCH",
  "odd-own/preamble-only.dcm": "NOT_DICOM",
  "odd-own/text.dcm": "NOT_DICOM",
  "odd/dcm4che__3gb-bulk-data-truncated": "PIXEL_DATA_TRUNCATED",
  "odd/dcm4che__DICOMDIR": "DICOMDIR",
  "odd/pydicom__MR_truncated.dcm": "PIXEL_DATA_TRUNCATED",
  // Pixels without rows and columns.
  "odd/pydicom__meta_missing_tsyntax.dcm": "DIMENSIONS_INVALID",
  "odd/pydicom__nested_priv_SQ.dcm": "DIMENSIONS_INVALID",
  // One byte too many in front of all that follows.
  "odd/pydicom__no_meta.dcm": "NOT_DICOM",
};

/** Deviations that are told; of all other files none. */
const DEVIATING: Readonly<Record<string, readonly string[]>> = {
  "odd-own/length-overflow.dcm": ["PIXEL_DATA_TOO_LONG"],
  "odd/dcm4che__Tag-0040-A170-VR-CS.dcm": ["SEQUENCE_WITHOUT_ITEMS"],
  "odd/dcm4che__no_preamble_dicm_in_data": ["META_MISSING"],
  "odd/pydicom__ExplVR_LitEndNoMeta.dcm": ["META_MISSING"],
  "odd/pydicom__MR_small_padded.dcm": ["PIXEL_DATA_TOO_LONG"],
  "odd/pydicom__badVR.dcm": ["PIXEL_DATA_TOO_LONG"],
  "rt/pydicom__rtstruct.dcm": ["META_MISSING"],
};

type Row = Record<
  "file" | "transfer_syntax" | "frames" | "patient_name" | "patient_id" | "study_uid" | "sop_uid" | "pydicom",
  string
>;

const unquoted = (cell: string) => (/^".*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell);

function manifest(): Row[] {
  const [head = "", ...lines] = readFileSync(path.join(CORPUS, "manifest.tsv"), "utf8").trimEnd().split("\n");
  const columns = head.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t").map(unquoted);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])) as Row;
  });
}

const isPresent = existsSync(path.join(CORPUS, "manifest.tsv"));
const rows = isPresent ? manifest() : [];

const open = (file: string) => readPart10(createReadStream(path.join(CORPUS, file)));

async function outcomeOf(file: string): Promise<{ object: Part10Object } | { code: string }> {
  try {
    return { object: await open(file) };
  } catch (error) {
    if (error instanceof DicomError) return { code: error.code };
    throw error;
  }
}

const shownName = (value: unknown): string => {
  const { Alphabetic = "", Ideographic = "", Phonetic = "" } = (value ?? {}) as PersonNameJson;
  return [Alphabetic, Ideographic, Phonetic].join("=").replace(/=+$/, "");
};
const first = (dataset: DicomJson, tag: string) => String(dataset[tag]?.Value?.[0] ?? "");

describe("real and made files beside the checkout", () => {
  it("each is read or refused by its code, and says what pydicom said of it", async () => {
    if (!isPresent) {
      console.log("LEFT OUT the corpus of real DICOM files: ../shared/dicom");
      return;
    }
    let read = 0;
    for (const row of rows) {
      const outcome = await outcomeOf(row.file);
      if ("code" in outcome) {
        expect({ file: row.file, code: outcome.code }).toEqual({ file: row.file, code: REFUSED[row.file] });
        continue;
      }
      expect(REFUSED[row.file], row.file).toBeUndefined();
      read += 1;
      const { dataset, deviations, pixelData, transferSyntaxUid } = outcome.object;
      expect(
        deviations.map(({ code }) => code),
        row.file,
      ).toEqual(DEVIATING[row.file] ?? []);
      expect(pixelData?.frames.length, row.file).toBe(pixelData?.numberOfFrames);
      if (row.pydicom !== "ok") continue;
      const told = {
        syntax: row.transfer_syntax || transferSyntaxUid,
        name: row.patient_name,
        id: row.patient_id,
        study: row.study_uid,
        sop: row.sop_uid,
        frames:
          row.frames && /^\d+$/.test(row.frames) && pixelData
            ? row.frames
            : String(pixelData?.numberOfFrames),
      };
      expect({ file: row.file, ...told }).toEqual({
        file: row.file,
        syntax: transferSyntaxUid,
        name: shownName(dataset["00100010"]?.Value?.[0]),
        id: first(dataset, "00100020"),
        study: first(dataset, "0020000D"),
        sop: first(dataset, "00080018"),
        frames: String(pixelData?.numberOfFrames),
      });
    }
    console.log(
      `corpus: ${rows.length} files of ../shared/dicom used, ${read} read, ${rows.length - read} refused`,
    );
    expect(read).toBe(rows.length - Object.keys(REFUSED).length);
  });
});

// dcm2json tells nothing of compressed objects and knows no code extensions (the standard's own examples prove those); of
// what lies behind the pixels or is private in implicit VR it knows other things than we say.
const REPRESENTATIVE = /^(charset|transfer-syntax|us|nm|pt|rt|seg|sm|sr|odd|other|mr\/enhanced)\//;
const COPIED_UNREAD = "charset/pydicom__chrSQEncoding.dcm";
const TEXT = /^(AE|AS|CS|DA|DT|LO|LT|SH|ST|TM|UC|UI|UR|UT)$/;

/** DCMTK leaves out the delimiters of empty components at the end. */
const withoutTail = (name: string) => name.replace(/\^+(?==|$)/g, "").replace(/=+$/, "");

/** Every text value of a data set, by its path. */
function textsOf(dataset: DicomJson, at = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [tag, { vr, Value = [] }] of Object.entries(dataset)) {
    if (tag.startsWith("0002") || tag === "00080005" || isPrivateTag(tag) || tag > "7FE00010") continue;
    if (vr === "SQ")
      for (const [index, item] of Value.entries())
        for (const [key, value] of textsOf((item ?? {}) as DicomJson, `${at}${tag}[${index}].`))
          found.set(key, value);
    else if (vr === "PN") found.set(`${at}${tag}`, Value.map(shownName).map(withoutTail).join("\\"));
    else if (TEXT.test(vr))
      found.set(`${at}${tag}`, Value.map((value) => String(value ?? "").trim()).join("\\"));
  }
  return found;
}

async function hasDcmtk(): Promise<boolean> {
  try {
    await run("dcm2json", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

/** What DCMTK makes of the same file, in Unicode; `undefined` where it can't. */
async function byDcmtk(file: string): Promise<DicomJson | undefined> {
  try {
    const { stdout } = await run("dcm2json", [path.join(CORPUS, file)], {
      maxBuffer: 512 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

describe("DCMTK's reading of the same files", () => {
  let isThere = false;
  beforeAll(async () => {
    isThere = await hasDcmtk();
  });

  it("names, dates, UIDs and texts are those that dcm2json tells", { timeout: 180_000 }, async () => {
    if (!isPresent || !isThere) {
      console.log(`LEFT OUT headers compared with DCMTK: ${isPresent ? "dcm2json" : "../shared/dicom"}`);
      return;
    }
    let compared = 0;
    let values = 0;
    for (const { file } of rows.filter((row) => REPRESENTATIVE.test(row.file) && !REFUSED[row.file])) {
      const other = file === COPIED_UNREAD ? undefined : await byDcmtk(file);
      if (!other) continue;
      const mine = textsOf((await open(file)).dataset);
      for (const [key, value] of textsOf(other)) {
        expect(`${file} ${key} ${mine.get(key) ?? ""}`).toBe(`${file} ${key} ${value}`);
        values += 1;
      }
      compared += 1;
    }
    console.log(`corpus: ${values} text values of ${compared} files compared with dcm2json`);
    expect(compared).toBeGreaterThan(60);
  });
});
