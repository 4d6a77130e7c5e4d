import { type CtLook, chestCt, ctSlice, head } from "./ct.ts";
import { code, type Said } from "./dataset.ts";
import { commonModules, instanceOf, pixelModule, REAL_IMAGE, type Series } from "./modules.ts";
import { MR, mrSlice, SEQUENCES, type Sequence } from "./mr.ts";
import { pixels16 } from "./pixels.ts";
import type { Made } from "./radiographs.ts";
import { seedOf } from "./random.ts";
import type { DemoStudy } from "./studies.ts";
import { uidOf } from "./uids.ts";

const CT_CLASS = "1.2.840.10008.5.1.4.1.1.2";
const MR_CLASS = "1.2.840.10008.5.1.4.1.1.4";
const AXIAL = [1, 0, 0, 0, 1, 0];

export type Size = "small" | "large";

/** Slices in a study that lost some on the way: the source says how many it made. */
export const SHORT_OF = { small: { sent: 37, made: 80 }, large: { sent: 137, made: 300 } } as const;

export function ctLookOf(study: DemoStudy, size: Size): CtLook & { sliceMm: number; sent: number } {
  const isHead = study.kind === "ct-head";
  const pixels = size === "large" ? 512 : 192;
  const usual = isHead ? (size === "large" ? 160 : 60) : SHORT_OF[size].made;
  const slices = study.special?.slices ?? usual;
  return {
    volume: isHead ? head : chestCt,
    size: pixels,
    slices,
    spacingMm: (isHead ? 1.2 : 2) * (192 / pixels),
    sliceMm: (isHead ? 150 : 320) / slices,
    seed: seedOf(study.key),
    sent: study.special?.short ? SHORT_OF[size].sent : slices,
  };
}

function plane(options: {
  study: DemoStudy;
  spacingMm: number;
  size: number;
  sliceMm: number;
  slice: number;
}): Record<string, Said> {
  const { study, spacingMm, size, sliceMm, slice } = options;
  const corner = Math.round(-(size * spacingMm) * 500) / 1000;
  return {
    FrameOfReferenceUID: uidOf(`frame of reference ${study.key}`),
    PositionReferenceIndicator: null,
    ImagePositionPatient: [corner, corner, Math.round(slice * sliceMm * 1000) / 1000],
    ImageOrientationPatient: AXIAL,
    PixelSpacing: [spacingMm, spacingMm],
    SliceThickness: Math.round(sliceMm * 1000) / 1000,
    PatientPosition: "HFS",
    AcquisitionNumber: 1,
  };
}

/** One slice at a time, from the feet up: the slices are made when they are asked for. */
export function* ctStudy(study: DemoStudy, size: Size): Generator<Made> {
  const look = ctLookOf(study, size);
  const isHead = study.kind === "ct-head";
  const series: Series = {
    key: "axial",
    number: 2,
    modality: "CT",
    description: isHead ? "Head 2.5 mm" : "Chest 4 mm",
    protocol: isHead ? "Head routine" : "Chest routine",
  };
  for (let slice = 0; slice < look.sent; slice += 1) {
    const attributes = {
      ...commonModules({ study, series, instance: slice + 1, sopClassUid: CT_CLASS }),
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      BodyPartExamined: study.bodyPart,
      AnatomicRegionSequence: isHead ? code("69536005", "SCT", "Head") : code("51185008", "SCT", "Chest"),
      ImagesInAcquisition: look.slices,
      RescaleIntercept: -1024,
      RescaleSlope: 1,
      RescaleType: "HU",
      KVP: 120,
      ConvolutionKernel: isHead ? "H30" : "B40",
      WindowCenter: isHead ? [40, 600] : [40, -600],
      WindowWidth: isHead ? [80, 2800] : [400, 1500],
      WindowCenterWidthExplanation: isHead ? ["Brain", "Bone"] : ["Soft tissue", "Lung"],
      ...plane({ study, spacingMm: look.spacingMm, size: look.size, sliceMm: look.sliceMm, slice }),
      ...pixelModule({ columns: look.size, rows: look.size, bitsStored: 12 }),
      ...REAL_IMAGE,
    };
    const pixelData = pixels16(look.size, look.size, ctSlice(slice, look));
    yield { series: series.key, instance: slice + 1, dataset: instanceOf(attributes), pixelData };
  }
}

export function* mrStudy(study: DemoStudy): Generator<Made> {
  const seed = seedOf(study.key);
  const names = ["T1", "T2", "FLAIR"] as const satisfies readonly Sequence[];
  for (const [index, sequence] of names.entries()) {
    const { name, repetitionMs, echoMs } = SEQUENCES[sequence];
    const series: Series = {
      key: sequence,
      number: index + 1,
      modality: "MR",
      description: name,
      protocol: "Brain",
    };
    for (let slice = 0; slice < MR.slices; slice += 1) {
      const attributes = {
        ...commonModules({ study, series, instance: slice + 1, sopClassUid: MR_CLASS }),
        ImageType: ["ORIGINAL", "PRIMARY", "OTHER"],
        BodyPartExamined: study.bodyPart,
        ScanningSequence: sequence === "FLAIR" ? ["SE", "IR"] : "SE",
        SequenceVariant: "SK",
        ScanOptions: null,
        MRAcquisitionType: "2D",
        MagneticFieldStrength: 1.5,
        RepetitionTime: repetitionMs,
        EchoTime: echoMs,
        InversionTime: sequence === "FLAIR" ? 2500 : undefined,
        EchoTrainLength: 1,
        WindowCenter: 450,
        WindowWidth: 900,
        ...plane({ study, spacingMm: MR.spacingMm, size: MR.size, sliceMm: MR.sliceMm, slice }),
        ...pixelModule({ columns: MR.size, rows: MR.size, bitsStored: 12 }),
        ...REAL_IMAGE,
      };
      const pixelData = pixels16(MR.size, MR.size, mrSlice(slice, sequence, seed));
      yield { series: series.key, instance: slice + 1, dataset: instanceOf(attributes), pixelData };
    }
  }
}
