import { cache, Enums } from "@cornerstonejs/core";
import type { Pixels } from "./measured.ts";

/** The values of a frame that is here at full detail, in the modality's unit. */
export function pixelsOf(imageId: string): Pixels | undefined {
  const image = cache.getImage(imageId);
  if (!image || image.color) return undefined;
  const { imageQualityStatus: quality } = image;
  if (quality !== undefined && quality !== Enums.ImageQualityStatus.FULL_RESOLUTION) return undefined;
  const data = image.getPixelData();
  const [slope, intercept] = image.preScale?.scaled ? [1, 0] : [image.slope ?? 1, image.intercept ?? 0];
  const { columns, rows } = image;
  return {
    columns,
    rows,
    at: (column, row) => Number(data[row * columns + column]) * slope + intercept,
  };
}
