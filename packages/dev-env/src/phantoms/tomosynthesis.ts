import type { DicomJson } from "@weald/dicom";
import { BREAST, MG_VIEWS, viewCode } from "./breast-views.ts";
import { dataset, type Said } from "./dataset.ts";
import { MG, type MgView, mammogramAt } from "./mammogram.ts";
import { commonModules, instanceOf, pixelModule, REAL_IMAGE, type Series, sopUidOf } from "./modules.ts";
import { pixels16 } from "./pixels.ts";
import type { Made } from "./radiographs.ts";
import { noiseAt, seedOf } from "./random.ts";
import { clamp, smooth } from "./shapes.ts";
import type { DemoStudy } from "./studies.ts";

const BTO_CLASS = "1.2.840.10008.5.1.4.1.1.13.1.3";
/** A quarter of the mammogram's picture, of few slabs: enough to be scrolled and measured, small enough to start with. */
export const BTO = { columns: 150, rows: 200, frames: 9, thicknessMm: 5, shrunk: 4 } as const;
const SPACING_MM = (MG.spacingMm * BTO.shrunk) / MG.magnification;
/** In which slab what is looked for is sharp. */
const SHARP_AT = 5;

type Look = MgView & { seed: number; mass: boolean };

/** One slab: the whole breast faintly, and what lies in this slab sharply. */
function slabAt(column: number, row: number, slab: number, look: Look): number {
  const { shrunk } = BTO;
  const at = [column * shrunk + shrunk / 2, row * shrunk + shrunk / 2] as const;
  const whole = mammogramAt(Math.floor(at[0]), Math.floor(at[1]), { ...look, mass: false });
  const sharpness = smooth(1 - Math.abs(slab - SHARP_AT) / 2);
  const withMass = look.mass
    ? mammogramAt(Math.floor(at[0]), Math.floor(at[1]), { ...look, mass: true })
    : whole;
  const layer = 60 * noiseAt(column, row, slab, look.seed);
  return clamp(Math.round(whole * 0.85 + (withMass - whole) * sharpness + layer), 0, 3999);
}

/** From the detector up: the slabs of a breast lie one above the other. @see DICOM PS3.3 §C.8.21.3 */
const ROW_AND_COLUMN: Record<MgView["side"], readonly number[]> = {
  L: [0, -1, 0, -1, 0, 0],
  R: [0, 1, 0, 1, 0, 0],
};

const FRAME_TYPE = ["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "NONE"];
const THREE_D = {
  PixelPresentation: "MONOCHROME",
  VolumetricProperties: "VOLUME",
  VolumeBasedCalculationTechnique: "TOMOSYNTHESIS",
} as const;

function frameGroups(slab: number, view: MgView): DicomJson {
  const place = [0, 0, -(slab - 1) * BTO.thicknessMm];
  return dataset({
    FrameContentSequence: dataset({
      StackID: "1",
      InStackPositionNumber: slab,
      DimensionIndexValues: [1, slab],
    }),
    PlanePositionSequence: dataset({ ImagePositionPatient: place }),
    PlaneOrientationSequence: dataset({ ImageOrientationPatient: [...ROW_AND_COLUMN[view.side]] }),
    FrameVOILUTSequence: dataset({ WindowCenter: 1500, WindowWidth: 2800 }),
    XRay3DFrameTypeSequence: dataset({ FrameType: FRAME_TYPE, ...THREE_D }),
  });
}

function sharedGroups({ side }: MgView): DicomJson {
  return dataset({
    PixelMeasuresSequence: dataset({
      PixelSpacing: [SPACING_MM, SPACING_MM],
      SliceThickness: BTO.thicknessMm,
      SpacingBetweenSlices: BTO.thicknessMm,
    }),
    FrameAnatomySequence: dataset({ FrameLaterality: side, AnatomicRegionSequence: BREAST }),
    PixelValueTransformationSequence: dataset({ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: "US" }),
  });
}

/** @see DICOM PS3.3 §C.8.21.3.4 */
const acquisition = (): DicomJson =>
  dataset({
    XRayReceptorType: "DIGITAL_DETECTOR",
    EstimatedRadiographicMagnificationFactor: MG.magnification,
    FieldOfViewShape: "RECTANGLE",
    FieldOfViewOrigin: [0, 0],
    PrimaryPositionerScanArc: 15,
    PrimaryPositionerScanStartAngle: -7.5,
    PrimaryPositionerIncrement: 1,
    ExposureControlMode: "AUTOMATIC",
    ExposureControlModeDescription: "By the density under the detector",
    KVP: 30,
    HalfValueLayer: 0.55,
    ExposureInmAs: 60,
    ExposureTimeInms: 4000,
    XRayTubeCurrentInmA: 15,
    AnodeTargetMaterial: "TUNGSTEN",
    FilterType: "STRIP",
    FilterMaterial: "ALUMINUM",
    FocalSpots: 0.3,
    DistanceSourceToDetector: 660,
    DistanceSourceToPatient: 640,
    DetectorTemperature: 25,
    PaddleDescription: "24 x 30 cm",
    BodyPartThickness: BTO.frames * BTO.thicknessMm,
    CompressionForce: 90,
    PerProjectionAcquisitionSequence: dataset({
      PositionerPrimaryAngle: 0,
      RelativeXRayExposure: 300,
      KVP: 30,
      ExposureInmAs: 60,
      ExposureTimeInms: 4000,
      XRayTubeCurrentInmA: 15,
    }),
  });

/** The projections, of which none is kept: the object that they were made into says with what they were taken. */
const contributing = (study: DemoStudy): DicomJson =>
  dataset({
    Manufacturer: "Weald phantoms",
    ManufacturerModelName: "Phantom 1",
    DeviceSerialNumber: `P-${study.custodian}-1`,
    SoftwareVersions: "1",
    AcquisitionProtocolName: "Tomosynthesis",
    Rows: MG.rows,
    Columns: MG.columns,
    BitsStored: 12,
    LossyImageCompression: "00",
    DetectorType: "DIRECT",
    DetectorID: "D1",
    DateOfLastDetectorCalibration: "20260101",
    TimeOfLastDetectorCalibration: "080000",
    DetectorElementSpacing: [MG.spacingMm, MG.spacingMm],
  });

/** One object a view: slabs of the breast, each a frame. */
export function tomosynthesisSeries(study: DemoStudy, firstNumber: number): Made[] {
  return MG_VIEWS.map((view, index) => {
    const series: Series = {
      key: `${view.side}${view.view}-tomo`,
      number: firstNumber + index,
      modality: "MG",
      description: `${view.side} ${view.view} Tomo`,
      protocol: "Tomosynthesis",
    };
    const mass = study.special?.look === "mass" && view.side === "L";
    const look = { ...view, seed: seedOf(`${study.key} ${view.side}${view.view}`), mass };
    const slabs = Array.from({ length: BTO.frames }, (_, at) => at + 1);
    const organisation = sopUidOf({ study, series, instance: 98 });
    const attributes: Record<string, Said> = {
      ...commonModules({ study, series, instance: 1, sopClassUid: BTO_CLASS }),
      ImageType: FRAME_TYPE,
      ...THREE_D,
      ContentQualification: "PRODUCT",
      PresentationIntentType: "FOR PRESENTATION",
      PresentationLUTShape: "IDENTITY",
      BodyPartExamined: "BREAST",
      FrameOfReferenceUID: sopUidOf({ study, series, instance: 97 }),
      PositionReferenceIndicator: null,
      AcquisitionContextSequence: null,
      NumberOfFrames: BTO.frames,
      ImageLaterality: view.side,
      AnatomicRegionSequence: BREAST,
      ViewCodeSequence: viewCode(view.view),
      BreastImplantPresent: "NO",
      PartialView: "NO",
      DimensionOrganizationSequence: dataset({ DimensionOrganizationUID: organisation }),
      DimensionIndexSequence: [
        dataset({
          DimensionOrganizationUID: organisation,
          DimensionIndexPointer: "00209056",
          FunctionalGroupPointer: "00209111",
        }),
        dataset({
          DimensionOrganizationUID: organisation,
          DimensionIndexPointer: "00209057",
          FunctionalGroupPointer: "00209111",
        }),
      ],
      ContributingSourcesSequence: contributing(study),
      XRay3DAcquisitionSequence: acquisition(),
      SharedFunctionalGroupsSequence: sharedGroups(view),
      PerFrameFunctionalGroupsSequence: slabs.map((slab) => frameGroups(slab, view)),
      ...REAL_IMAGE,
      ...pixelModule({ columns: BTO.columns, rows: BTO.rows, bitsStored: 12 }),
    };
    const pixelData = Buffer.concat(
      slabs.map((slab) => pixels16(BTO.columns, BTO.rows, (column, row) => slabAt(column, row, slab, look))),
    );
    return { series: series.key, instance: 1, dataset: instanceOf(attributes), pixelData };
  });
}
