import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXPLICIT_LITTLE } from "../transfer-syntax.ts";
import type { DicomJson } from "../types.ts";
import { type DirectoryEntry, directoryKeysOf, writeDicomdir } from "./dicomdir.ts";
import { readDataset } from "./read-dataset.ts";
import { splitPart10 } from "./split-part10.ts";
import { writePart10 } from "./write-part10.ts";

const has = (tool: string) => {
  try {
    execFileSync("sh", ["-c", `command -v ${tool}`]);
    return true;
  } catch {
    console.log(`LEFT OUT a DICOMDIR of ours by other tools: ${tool}`);
    return false;
  }
};
const [hasDcmtk, hasDciodvfy] = [has("dcmmkdir") && has("dcmdump"), has("dciodvfy")];

const text = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const code = (value: string, meaning: string) => ({
  vr: "SQ",
  Value: [{ "00080100": text("SH", value), "00080102": text("SH", "DCM"), "00080104": text("LO", meaning) }],
});
const [CT, SR] = ["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.88.33"];

function headerOf(sopClassUid: string, study: string, series: string, number: number): DicomJson {
  return {
    "00080005": text("CS", "ISO_IR 192"),
    "00080016": text("UI", sopClassUid),
    "00080018": text("UI", `1.2.3.${study}.${series}.${number}`),
    "00080020": text("DA", "20261120"),
    "00080023": text("DA", "20261120"),
    "00080030": text("TM", "101500"),
    "00080033": text("TM", "101500"),
    "00080050": text("SH", "A1"),
    "00080060": text("CS", sopClassUid === SR ? "SR" : "CT"),
    "00081030": text("LO", "Thorax à jeun"),
    "00100010": { vr: "PN", Value: [{ Alphabetic: "Müller^Zoë" }] },
    "00100020": text("LO", "RXC-1"),
    "0020000D": text("UI", `1.2.3.${study}`),
    "0020000E": text("UI", `1.2.3.${study}.${series}`),
    "00200010": text("SH", "S1"),
    "00200011": text("IS", Number(series)),
    "00200013": text("IS", number),
    ...(sopClassUid === SR
      ? {
          "0040A040": text("CS", "CONTAINER"),
          "0040A043": code("126000", "Imaging Measurement Report"),
          "0040A050": text("CS", "SEPARATE"),
          "0040A491": text("CS", "COMPLETE"),
          "0040A493": text("CS", "UNVERIFIED"),
          "0040A730": {
            vr: "SQ",
            Value: [
              {
                "0040A010": text("CS", "HAS CONCEPT MOD"),
                "0040A040": text("CS", "CODE"),
                "0040A043": code("1", "Language"),
                "0040A168": code("2", "English"),
              },
              {
                "0040A010": text("CS", "CONTAINS"),
                "0040A040": text("CS", "TEXT"),
                "0040A160": text("UT", "Secret."),
              },
            ],
          },
        }
      : {}),
  };
}

const entryOf = (header: DicomJson, at: number): DirectoryEntry => {
  const sopClassUid = String(header["00080016"]?.Value?.[0]);
  return {
    fileId: [
      "DICOM",
      `S${String(header["00200011"]?.Value?.[0]).padStart(7, "0")}`,
      `I${String(at).padStart(7, "0")}`,
    ],
    sopClassUid,
    sopInstanceUid: String(header["00080018"]?.Value?.[0]),
    transferSyntaxUid: EXPLICIT_LITTLE,
    header: directoryKeysOf(header, sopClassUid),
  };
};
const headers = [
  headerOf(CT, "1", "1", 1),
  headerOf(CT, "1", "1", 2),
  headerOf(CT, "1", "2", 1),
  headerOf(SR, "1", "3", 1),
  headerOf(CT, "2", "4", 1),
];
const entries = headers.map(entryOf);
const written = writeDicomdir({ fileSetId: "WEALD", sopInstanceUid: "1.2.3.9" }, entries);

async function readBack(bytes: Uint8Array) {
  const split = await splitPart10(
    (async function* () {
      yield bytes;
    })(),
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of split.dataset) chunks.push(chunk);
  const dataset = Buffer.concat(chunks);
  return { meta: split.meta, json: readDataset(dataset, split.transferSyntaxUid) };
}

type Walked = { type: string; file: string; below: Walked[] };
/** As a reader walks it: from the offset of the first record, by the offsets alone. */
function walk(bytes: Uint8Array, at: number): Walked[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Walked[] = [];
  for (let next = at; next !== 0; ) {
    expect(view.toString("hex", next, next + 4)).toBe("feff00e0");
    const length = view.readUInt32LE(next + 4);
    const record = readDataset(view.subarray(next + 8, next + 8 + length), EXPLICIT_LITTLE);
    found.push({
      type: String(record["00041430"]?.Value?.[0]),
      file: (record["00041500"]?.Value ?? []).join("/"),
      below: walk(bytes, Number(record["00041420"]?.Value?.[0])),
    });
    next = Number(record["00041400"]?.Value?.[0]);
  }
  return found;
}

describe("a DICOMDIR", () => {
  it("leads by its offsets from patient to study, series and each file, and says which kind each is", async () => {
    const { meta, json } = await readBack(written);
    expect(meta["00020002"]?.Value).toEqual(["1.2.840.10008.1.3.10"]);
    expect(json["00041130"]?.Value).toEqual(["WEALD"]);
    const image = (file: string) => ({ type: "IMAGE", file: `DICOM/${file}`, below: [] });
    const series = (...below: Walked[]) => ({ type: "SERIES", file: "", below });
    expect(walk(written, Number(json["00041200"]?.Value?.[0]))).toEqual([
      {
        type: "PATIENT",
        file: "",
        below: [
          {
            type: "STUDY",
            file: "",
            below: [
              series(image("S0000001/I0000000"), image("S0000001/I0000001")),
              series(image("S0000002/I0000002")),
              series({ ...image("S0000003/I0000003"), type: "SR DOCUMENT" }),
            ],
          },
          { type: "STUDY", file: "", below: [series(image("S0000004/I0000004"))] },
        ],
      },
    ]);
    expect(json["00041202"]?.Value).toEqual(json["00041200"]?.Value);
  });

  it("holds the keys of what it leads to in Unicode, and of a document its title, never what it says", async () => {
    const { json } = await readBack(written);
    const records = (json["00041220"]?.Value ?? []) as DicomJson[];
    expect(records[0]?.["00100010"]?.Value).toEqual([{ Alphabetic: "Müller^Zoë" }]);
    expect(records[1]?.["00081030"]?.Value).toEqual(["Thorax à jeun"]);
    const document = records.find((one) => one["00041430"]?.Value?.[0] === "SR DOCUMENT");
    expect(document?.["0040A730"]?.Value).toHaveLength(1);
    expect(Buffer.from(written).toString("latin1")).not.toContain("Secret");
  });

  it("gives numbers that files don't state by their place, and invents no date", async () => {
    const { "00200011": _a, "00200013": _b, "00200010": _c, "00080020": _d, ...bare } = headers[0] ?? {};
    const { json } = await readBack(
      writeDicomdir({ fileSetId: "WEALD", sopInstanceUid: "1.2.3.9" }, [
        { ...entryOf(headers[0] ?? {}, 1), header: directoryKeysOf(bare, CT) },
      ]),
    );
    const [, study, series, image] = (json["00041220"]?.Value ?? []) as DicomJson[];
    expect(study?.["00200010"]?.Value).toEqual(["1"]);
    expect(study?.["00080020"]).toEqual({ vr: "DA" });
    expect(series?.["00200011"]?.Value).toEqual([1]);
    expect(image?.["00200013"]?.Value).toEqual([1]);
  });

  describe("by other tools", () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), "weald-dicomdir-"));
      headers.forEach((dataset, at) => {
        const file = path.join(folder, ...(entries[at]?.fileId ?? []));
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, writePart10({ dataset, transferSyntaxUid: EXPLICIT_LITTLE }));
      });
      writeFileSync(path.join(folder, "DICOMDIR"), written);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const recordsOf = (file: string) =>
      execFileSync("dcmdump", ["+L", "+P", "0004,1430", "+P", "0004,1500", file], { encoding: "utf8" })
        .split("\n")
        .map((line) => line.replace(/#.*/, "").trim())
        .filter(Boolean);

    it.runIf(hasDcmtk)("DCMTK reads the same records in it as in one of its own making", () => {
      execFileSync(
        "dcmmkdir",
        ["+r", "+id", folder, "-Pgp", "--no-backup", "--output-file", path.join(folder, "THEIRS"), "DICOM"],
        { cwd: folder },
      );
      const [ours, theirs] = [
        recordsOf(path.join(folder, "DICOMDIR")),
        recordsOf(path.join(folder, "THEIRS")),
      ];
      expect(theirs).toHaveLength(ours.length);
      expect(new Set(ours)).toEqual(new Set(theirs));
    });

    it.runIf(hasDciodvfy)("dciodvfy finds no error", () => {
      const said = execFileSync("sh", ["-c", `dciodvfy "${path.join(folder, "DICOMDIR")}" 2>&1 || true`], {
        encoding: "utf8",
      });
      expect(said.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
    });
  });
});
