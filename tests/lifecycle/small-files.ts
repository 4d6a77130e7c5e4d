import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type DicomJson, mintUid, writePart10 } from "@weald/dicom";

/** What the test's own files say, and no log may. */
export const SENT_WORDS = ["Lifecycletest", "LC-77001"];

/** The smallest picture that is one: 4 × 4, of one invented patient. */
export function smallDx(studyInstanceUid: string, number: number): Uint8Array {
  const dataset: DicomJson = {
    "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
    "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.1.1"] },
    "00080018": { vr: "UI", Value: [mintUid()] },
    "00080020": { vr: "DA", Value: ["20261101"] },
    "00080030": { vr: "TM", Value: ["093000"] },
    "00080060": { vr: "CS", Value: ["DX"] },
    "00100010": { vr: "PN", Value: [{ Alphabetic: "Lifecycletest^Rowan" }] },
    "00100020": { vr: "LO", Value: ["LC-77001"] },
    "00100030": { vr: "DA", Value: ["19610403"] },
    "00100040": { vr: "CS", Value: ["F"] },
    "0020000D": { vr: "UI", Value: [studyInstanceUid] },
    "0020000E": { vr: "UI", Value: [`${studyInstanceUid}.1`] },
    "00200013": { vr: "IS", Value: [number] },
    "00280002": { vr: "US", Value: [1] },
    "00280004": { vr: "CS", Value: ["MONOCHROME2"] },
    "00280010": { vr: "US", Value: [4] },
    "00280011": { vr: "US", Value: [4] },
    "00280100": { vr: "US", Value: [16] },
    "00280101": { vr: "US", Value: [12] },
    "00280102": { vr: "US", Value: [11] },
    "00280103": { vr: "US", Value: [0] },
  };
  const pixelData = new Uint8Array(32).fill(number % 16);
  return writePart10({ dataset, pixelData, transferSyntaxUid: "1.2.840.10008.1.2.1" });
}

/** A folder of `count` pictures of one study. */
export function folderOfDx(folder: string, count: number): { folder: string; study: string } {
  const study = `2.25.${Math.floor(Math.random() * 1e15)}`;
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= count; number += 1)
    writeFileSync(path.join(folder, `${String(number).padStart(4, "0")}.dcm`), smallDx(study, number));
  return { folder, study };
}
