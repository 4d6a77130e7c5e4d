import { type Types, utilities } from "@cornerstonejs/core";
import type { Header } from "../contract.ts";
import { number } from "../header.ts";
import { type LookupTable, lookedUp } from "./lookup-table.ts";

/**
 * The image with its modality LUT applied: from here on its values are what the modality means, for windows, probes and
 * statistics alike. The library would apply it only without a graphics card.
 *
 * @see DICOM PS3.3 §C.11.1
 */
export function throughModalityLut(image: Types.IImage, table: LookupTable, header: Header): Types.IImage {
  const stored = image.getPixelData();
  const values = Uint16Array.from(stored, (value) => lookedUp(table, value));
  let [least, most] = [values[0] ?? 0, values[0] ?? 0];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: values,
    width: image.width,
    height: image.height,
    numberOfComponents: 1,
  });
  const whole = utilities.windowLevel.toWindowLevel(least, most);
  return Object.assign(image, {
    // Without a window of its own the library took one from what was stored.
    ...(number(header, "00281050") === undefined ? whole : {}),
    getPixelData: () => values,
    voxelManager,
    dataType: "Uint16Array",
    slope: 1,
    intercept: 0,
    minPixelValue: least,
    maxPixelValue: most,
    sizeInBytes: values.byteLength,
    modalityLUT: undefined,
    imageFrame: {
      ...image.imageFrame,
      pixelData: values,
      smallestPixelValue: least,
      largestPixelValue: most,
    },
  });
}
