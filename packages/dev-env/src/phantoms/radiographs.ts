import type { DicomJson } from "@weald/dicom";
import { CHEST, chestAt } from "./chest.ts";
import { code, dataset, type Said } from "./dataset.ts";
import { KNEE, type KneeLook, kneesAt } from "./knees.ts";
import { commonModules, instanceOf, pixelModule, REAL_IMAGE, type Series } from "./modules.ts";
import { pixels16 } from "./pixels.ts";
import { seedOf } from "./random.ts";
import type { DemoStudy } from "./studies.ts";

export type Made = { series: string; instance: number; dataset: DicomJson; pixelData?: Uint8Array };

const DX_CLASS = "1.2.840.10008.5.1.4.1.1.1.1";
const CR_CLASS = "1.2.840.10008.5.1.4.1.1.1";
const CAPTURE_CLASS = "1.2.840.10008.5.1.4.1.1.7";
const SIDES = { L: code("7771000", "SCT", "Left"), R: code("24028007", "SCT", "Right") } as const;

/** Shared by DX and MG: presentation intent, detector, linear grey scale from dense to bright. @see DICOM PS3.3 §A.26 */
export function digitalXray(options: {
  spacingMm: number;
  window: [number, number];
  view: string;
}): Record<string, Said> {
  const { spacingMm, window, view } = options;
  return {
    ImageType: ["ORIGINAL", "PRIMARY", ""],
    PresentationIntentType: "FOR PRESENTATION",
    PresentationLUTShape: "IDENTITY",
    PixelIntensityRelationship: "LOG",
    PixelIntensityRelationshipSign: -1,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: "US",
    WindowCenter: window[0],
    WindowWidth: window[1],
    ImagerPixelSpacing: [spacingMm, spacingMm],
    DetectorType: "DIRECT",
    DetectorID: "D1",
    PositionerType: null,
    AcquisitionContextSequence: null,
    ViewPosition: view,
    ...REAL_IMAGE,
  };
}

const CHEST_ANATOMY = code("51185008", "SCT", "Chest");

export function chestStudy(study: DemoStudy): Made[] {
  const isCr = study.special?.modality === "CR";
  const series: Series = {
    key: "pa",
    number: 1,
    modality: isCr ? "CR" : "DX",
    description: "PA",
    protocol: "Chest PA",
  };
  const look = {
    seed: seedOf(study.key),
    nodule: study.special?.look === "nodule",
    effusion: study.special?.look === "effusion",
  };
  const attributes = {
    ...commonModules({ study, series, instance: 1, sopClassUid: isCr ? CR_CLASS : DX_CLASS }),
    ...(isCr ? computedRadiograph : digitalXray)({
      spacingMm: CHEST.spacingMm,
      window: [1700, 3200],
      view: "PA",
    }),
    BodyPartExamined: "CHEST",
    PatientOrientation: ["L", "F"],
    ...(isCr ? {} : { ImageLaterality: "U", AnatomicRegionSequence: CHEST_ANATOMY }),
    ...pixelModule({ columns: CHEST.columns, rows: CHEST.rows, bitsStored: CHEST.bits }),
  };
  const pixelData = pixels16(CHEST.columns, CHEST.rows, (column, row) => chestAt(column, row, look));
  return [{ series: series.key, instance: 1, dataset: instanceOf(attributes), pixelData }];
}

const computedRadiograph = (options: {
  spacingMm: number;
  window: [number, number];
  view: string;
}): Record<string, Said> => ({
  ImageType: ["ORIGINAL", "PRIMARY"],
  ViewPosition: options.view,
  ImagerPixelSpacing: [options.spacingMm, options.spacingMm],
  WindowCenter: options.window[0],
  WindowWidth: options.window[1],
  ...REAL_IMAGE,
});

type KneeTags = {
  imageLaterality: Said;
  laterality: Said;
  anatomy: DicomJson;
  orientation: [string, string];
};

function kneeTags(study: DemoStudy): KneeTags {
  const knee = code("72696002", "SCT", "Knee");
  const sided = (side: "L" | "R") => ({
    ...knee,
    ...dataset({ AnatomicRegionModifierSequence: SIDES[side] }),
  });
  switch (study.special?.side) {
    case "both-knees":
      return { imageLaterality: "B", laterality: undefined, anatomy: knee, orientation: ["L", "F"] };
    case "in-conflict":
      return { imageLaterality: "R", laterality: undefined, anatomy: sided("L"), orientation: ["L", "F"] };
    case "reversed":
      return { imageLaterality: "R", laterality: undefined, anatomy: sided("R"), orientation: ["R", "F"] };
    default:
      return { imageLaterality: undefined, laterality: null, anatomy: knee, orientation: ["L", "F"] };
  }
}

/** What the picture shows, whatever its attributes say: the knee that was asked for. */
function shownSide(study: DemoStudy): KneeLook["side"] {
  if (study.special?.side === "both-knees") return "both";
  return study.special?.side === "reversed" ? "R" : "L";
}

export function kneeStudy(study: DemoStudy): Made[] {
  if (study.special?.side === "flipped-capture") return captureStudy(study);
  // Only a CR may say nothing of its side: a DX must.
  const isCr = study.special?.side === "absent";
  const series: Series = {
    key: "ap",
    number: 1,
    modality: isCr ? "CR" : "DX",
    description: "AP",
    protocol: "Knee AP",
  };
  const { imageLaterality, laterality, anatomy, orientation } = kneeTags(study);
  const attributes = {
    ...commonModules({ study, series, instance: 1, sopClassUid: isCr ? CR_CLASS : DX_CLASS }),
    ...(isCr ? computedRadiograph : digitalXray)({
      spacingMm: KNEE.spacingMm,
      window: [1800, 3400],
      view: "AP",
    }),
    BodyPartExamined: "KNEE",
    ImageLaterality: imageLaterality,
    Laterality: laterality,
    PatientOrientation: orientation,
    AnatomicRegionSequence: anatomy,
    ...pixelModule({ columns: KNEE.columns, rows: KNEE.rows, bitsStored: 12 }),
  };
  const seed = seedOf(study.key);
  const side = shownSide(study);
  const isMirrored = study.special?.side === "reversed";
  const pixelData = pixels16(KNEE.columns, KNEE.rows, (column, row) =>
    kneesAt(isMirrored ? KNEE.columns - 1 - column : column, row, { side, seed }),
  );
  return [{ series: series.key, instance: 1, dataset: instanceOf(attributes), pixelData }];
}

/** A capture that somebody had flipped on a screen: its orientation says nothing, its side neither. */
function captureStudy(study: DemoStudy): Made[] {
  const series: Series = { key: "capture", number: 1, modality: "DX", description: "Capture, flipped" };
  const attributes = {
    ...commonModules({ study, series, instance: 1, sopClassUid: CAPTURE_CLASS }),
    ImageType: ["DERIVED", "SECONDARY"],
    ConversionType: "WSD",
    PatientOrientation: null,
    Laterality: "R",
    BodyPartExamined: "KNEE",
    BurnedInAnnotation: "YES",
    ...pixelModule({ columns: KNEE.columns, rows: KNEE.rows, bitsStored: 12 }),
    WindowCenter: 1800,
    WindowWidth: 3400,
  };
  const seed = seedOf(study.key);
  const pixelData = pixels16(KNEE.columns, KNEE.rows, (column, row) =>
    kneesAt(KNEE.columns - 1 - column, row, { side: "R", seed }),
  );
  return [{ series: series.key, instance: 1, dataset: instanceOf(attributes), pixelData }];
}
