import { dataset } from "./dataset.ts";
import { commonModules, instanceOf, pixelModule, type Series } from "./modules.ts";
import { pixelsRgb } from "./pixels.ts";
import type { Made } from "./radiographs.ts";
import { seedOf } from "./random.ts";
import type { DemoStudy } from "./studies.ts";
import { US, US_REGION, ultrasoundAt } from "./ultrasound.ts";

const US_MULTIFRAME_CLASS = "1.2.840.10008.5.1.4.1.1.3.1";

/** Where lengths are true, and how long a pixel is there. @see DICOM PS3.3 §C.8.5.5 */
const region = () =>
  dataset({
    RegionSpatialFormat: 1,
    RegionDataType: 1,
    RegionFlags: 0,
    RegionLocationMinX0: US_REGION.x0,
    RegionLocationMinY0: US_REGION.y0,
    RegionLocationMaxX1: US_REGION.x1,
    RegionLocationMaxY1: US_REGION.y1,
    PhysicalUnitsXDirection: 3,
    PhysicalUnitsYDirection: 3,
    PhysicalDeltaX: US.cmPerPixel,
    PhysicalDeltaY: US.cmPerPixel,
  });

export function frameOf(study: DemoStudy, frame: number): Uint8Array {
  const seed = seedOf(study.key);
  return pixelsRgb(US.columns, US.rows, (column, row) => ultrasoundAt(column, row, frame, seed));
}

/** A heart that beats, in colour, as one multi-frame object. */
export function ultrasoundStudy(study: DemoStudy): Made[] {
  const series: Series = {
    key: "cine",
    number: 1,
    modality: "US",
    description: "Apical four chamber",
    protocol: "Echo",
  };
  const attributes = {
    ...commonModules({ study, series, instance: 1, sopClassUid: US_MULTIFRAME_CLASS }),
    ImageType: ["ORIGINAL", "PRIMARY", "TTE", "0001"],
    PatientOrientation: null,
    Laterality: undefined,
    BodyPartExamined: "HEART",
    NumberOfFrames: US.frames,
    FrameTime: US.frameTimeMs,
    FrameIncrementPointer: "00181063",
    RecommendedDisplayFrameRate: 15,
    UltrasoundColorDataPresent: 1,
    SequenceOfUltrasoundRegions: region(),
    BurnedInAnnotation: "NO",
    LossyImageCompression: "00",
    ...pixelModule({ columns: US.columns, rows: US.rows, bitsStored: 8, colour: true }),
  };
  const frames = Array.from({ length: US.frames }, (_, frame) => frameOf(study, frame));
  return [
    { series: series.key, instance: 1, dataset: instanceOf(attributes), pixelData: Buffer.concat(frames) },
  ];
}
