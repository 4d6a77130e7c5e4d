import { type DicomJson, EXPLICIT_LITTLE, writePart10 } from "@weald/dicom";
import { frameOf, ultrasoundStudy } from "./cine.ts";
import { ctStudy, mrStudy, type Size } from "./cross-sections.ts";
import { dataset } from "./dataset.ts";
import { doseReport } from "./dose.ts";
import { reportsOf, requestOf } from "./hl7.ts";
import { implantStudy, mammogramStudy, tomosynthesisStudy } from "./mammograms.ts";
import { chestStudy, kneeStudy, type Made } from "./radiographs.ts";
import { rleFrame } from "./rle.ts";
import { type DemoStudy, demoStudies } from "./studies.ts";
import { US } from "./ultrasound.ts";

const RLE_LOSSLESS = "1.2.840.10008.1.2.5";

/** A file of the demonstration, as a trust's system would send it. */
export type DemoFile = {
  path: string;
  custodian: string;
  kind: "dicom" | "hl7";
  study: string;
  bytes: Uint8Array;
};

function* imagesOf(study: DemoStudy, size: Size): Generator<Made> {
  switch (study.kind) {
    case "chest":
      return yield* chestStudy(study);
    case "mammogram":
      return yield* mammogramStudy(study);
    case "tomosynthesis":
      return yield* tomosynthesisStudy(study);
    case "implants":
      return yield* implantStudy(study);
    case "knees":
      return yield* kneeStudy(study);
    case "ct-head":
    case "ct-chest":
      return yield* ctStudy(study, size);
    case "mr-brain":
      return yield* mrStudy(study);
    case "ultrasound":
      return yield* ultrasoundStudy(study);
  }
}

function bytesOf(study: DemoStudy, made: Made): Uint8Array {
  if (study.kind === "ultrasound" && study.special?.rle) {
    const frames = Array.from({ length: US.frames }, (_, frame) => rleFrame(frameOf(study, frame)));
    return writePart10({ dataset: made.dataset, pixelData: frames, transferSyntaxUid: RLE_LOSSLESS });
  }
  const { dataset: header, pixelData } = made;
  return writePart10({
    dataset: header,
    ...(pixelData ? { pixelData } : {}),
    transferSyntaxUid: EXPLICIT_LITTLE,
  });
}

/** The same object with another word in its header: kept as an alternate, no alarm. */
const alternateOf = (header: DicomJson): DicomJson => ({
  ...header,
  ...dataset({ StationName: "RESENT-1" }),
});

/** The same object with other pixels: a conflict, for a person. */
function conflictOf(made: Made): Made {
  const pixelData = made.pixelData ? Uint8Array.from(made.pixelData) : undefined;
  pixelData?.fill(0, 0, 2048);
  return { ...made, ...(pixelData ? { pixelData } : {}) };
}

function* copiesOf(study: DemoStudy, made: Made): Generator<Made> {
  if (made.instance !== 1) return;
  if (study.special?.alternate) yield { ...made, dataset: alternateOf(made.dataset) };
  if (study.special?.conflict) yield conflictOf(made);
}

/** All that the demonstration's trusts send of one study: its request, its images, its reports. */
export function* filesOf(study: DemoStudy, size: Size = "small"): Generator<DemoFile> {
  const base = { custodian: study.custodian, study: study.key };
  const folder = `${study.custodian}/${study.key}`;
  const text = (name: string, message: string): DemoFile => ({
    ...base,
    path: `${folder}/${name}.hl7`,
    kind: "hl7",
    bytes: Buffer.from(message, "utf8"),
  });
  if (study.question) yield text("request", requestOf(study));
  const copies: Made[] = [];
  for (const made of imagesOf(study, size)) {
    yield {
      ...base,
      path: `${folder}/${made.series}-${String(made.instance).padStart(4, "0")}.dcm`,
      kind: "dicom",
      bytes: bytesOf(study, made),
    };
    copies.push(...copiesOf(study, made));
  }
  if (study.special?.dose)
    for (const made of doseReport(study))
      yield { ...base, path: `${folder}/dose.dcm`, kind: "dicom", bytes: bytesOf(study, made) };
  for (const made of copies)
    yield {
      ...base,
      path: `${folder}/${made.series}-${made.instance}-again.dcm`,
      kind: "dicom",
      bytes: bytesOf(study, made),
    };
  for (const [index, message] of reportsOf(study).entries()) yield text(`report-${index + 1}`, message);
}

/** Everything, one file at a time: the largest stays in memory no longer than it is sent. */
export function* demoFiles(size: Size = "small"): Generator<DemoFile> {
  for (const study of demoStudies) yield* filesOf(study, size);
}
