import type { Types } from "@cornerstonejs/core";
import { createImage } from "@cornerstonejs/dicom-image-loader";
import type { Header } from "../contract.ts";
import { text } from "../header.ts";
import { voiFunction } from "../pixels/presentation.ts";
import { windowed } from "../pixels/windowed.ts";
import { addMetadata } from "./metadata.ts";
import { HTJ2K_RPCL } from "./read-packed.ts";
import type { Reduced } from "./reduced.ts";
import { acquired } from "./registry.ts";

/** How greys are told apart: a range of values, and whether the least is white. Nothing: as the image says. */
type Greys = { range: { center: number; width: number } | undefined; isTurned: boolean };

/** Tables are for the full picture: a plain window shows other greys than they do. */
const HAS_TABLES = ["00283000", "00283010", "20500020"];
export const mayBeReduced = (header: Header): boolean => HAS_TABLES.every((tag) => header[tag] === undefined);

type Decoded = {
  width: number;
  height: number;
  values: ArrayLike<number>;
  isColour: boolean;
  how: string;
} & Pick<Types.IImage, "windowCenter" | "windowWidth">;

/** Decoded in the library's workers, and kept out of its cache. `undefined`: it can't be had so. */
async function decode(imageId: string, { bytes, level }: Reduced): Promise<Decoded | undefined> {
  const frame = acquired(imageId);
  if (!frame) return undefined;
  await addMetadata(frame.book, frame.instance, new AbortController().signal);
  const options = { decodeLevel: level, useRGBA: false };
  const made = await createImage(imageId, bytes as never, HTJ2K_RPCL, options as never);
  const image = made as unknown as Types.IImage;
  const { rows, columns, windowCenter, windowWidth, color } = image;
  const values = image.getPixelData();
  if (values.length < rows * columns) return undefined;
  const how = voiFunction(frame.instance.header, frame.frame);
  return { width: columns, height: rows, values, isColour: color, how, windowCenter, windowWidth };
}

const first = (value: number | number[]): number => (Array.isArray(value) ? (value[0] ?? 0) : value);

function drawn(
  { width, height, values, isColour, how, windowCenter, windowWidth }: Decoded,
  { range, isTurned }: Greys,
) {
  const shadeOf = windowed({
    how,
    ...(range ?? { center: first(windowCenter), width: first(windowWidth) }),
  });
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const value = values[isColour ? pixel * 3 + channel : pixel] ?? 0;
      const shade = isColour ? value : 255 * shadeOf(value);
      rgba[pixel * 4 + channel] = isTurned ? 255 - shade : shade;
    }
    rgba[pixel * 4 + 3] = 255;
  }
  return new ImageData(rgba, width, height);
}

/** A reduced picture, drawn. `undefined` where it can't be decoded: the full one is on its way. */
export async function drawReduced(
  imageId: string,
  header: Header,
  reduced: Reduced,
  { range, isTurned }: Greys,
): Promise<ImageData | undefined> {
  const decoded = await decode(imageId, reduced).catch(() => undefined);
  const isWhiteFirst = text(header, "00280004") === "MONOCHROME1";
  return decoded && drawn(decoded, { range, isTurned: isWhiteFirst !== isTurned });
}
