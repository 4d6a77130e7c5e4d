import type { Header } from "../contract.ts";
import { functional, numbers } from "../header.ts";

/** Pixel Measures of an enhanced object's frame. @see DICOM PS3.3 §C.7.6.16.2.1 */
const PIXEL_MEASURES = "00289110";
/** Down a column, then along a row: in the patient, at the detector, or for each other alone. @see DICOM PS3.3 §10.7.1.3, §C.7.6.3.1.7 */
const SHAPES = ["00280030", "00181164", "00280034"];

/** How wide a pixel is for its height, in the patient; 1 where that isn't said. */
export function aspectOf(header: Header, frame = 1): number {
  const measures = functional(header, frame, PIXEL_MEASURES);
  const [down = 1, along = 1] =
    [...(measures ? [numbers(measures, "00280030")] : []), ...SHAPES.map((tag) => numbers(header, tag))].find(
      (pair) => pair.length === 2 && pair.every((one) => one > 0),
    ) ?? [];
  return along / down;
}
