import { type DicomJson, type DicomJsonAttribute, number, numbers, sequence, text } from "@weald/dicom";
import type { Picture, Table, Window } from "./picture.ts";
import { decodedPhotometric, pixelModuleOf } from "./pixel-module.ts";

export type PictureWish = Pick<Picture, "viewport" | "format" | "quality"> & { window: Window | undefined };

/** Tables are longer than a header holds: where their bytes come from. Little endian. */
export type ReadValue = (attribute: DicomJsonAttribute) => Promise<Uint8Array>;

const words = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 2) }, (_one, at) => view.getUint16(at * 2, true));
};

/** A table by its descriptor: entries (0 means 65,536), first value, bits. @see DICOM PS3.3 §C.11.1.1, §C.7.6.3.1.5 */
async function tableOf(
  header: DicomJson,
  tags: { descriptor: string; data: string },
  isSigned: boolean,
  read: ReadValue,
): Promise<Table | undefined> {
  const [entries = 0, first = 0, bits = 16] = numbers(header, tags.descriptor);
  const data = header[tags.data];
  if (!data) return undefined;
  const count = entries === 0 ? 65_536 : entries;
  const raw = data.Value ? numbers(header, tags.data) : undefined;
  const bytes = raw ? undefined : await read(data);
  // Eight-bit tables may lie one entry a byte.
  const isBytes = bits <= 8 && bytes !== undefined && bytes.length < count * 2;
  const values = raw ?? (bytes ? (isBytes ? [...bytes] : words(bytes)) : []);
  return { first: isSigned && first > 32_767 ? first - 65_536 : first, bits, values: values.slice(0, count) };
}

const LUT = { descriptor: "00283002", data: "00283006" };

/** Attributes that an enhanced object keeps in functional groups: the frame's own before those that all share. */
function grouped(header: DicomJson, group: string): DicomJson | undefined {
  const [own] = sequence(header, "52009230");
  const [shared] = sequence(header, "52009229");
  return sequence(own ?? {}, group)[0] ?? sequence(shared ?? {}, group)[0];
}

const SHAPES = ["LINEAR", "LINEAR_EXACT", "SIGMOID"] as const;

function windowOf(header: DicomJson): Window | undefined {
  const stated = grouped(header, "00289132") ?? header;
  const [center] = numbers(stated, "00281050");
  const [width] = numbers(stated, "00281051");
  if (center === undefined || width === undefined || width <= 0) return undefined;
  const shape = SHAPES.find((one) => one === text(stated, "00281056")) ?? "LINEAR";
  return { center, width, shape };
}

async function modalityOf(
  header: DicomJson,
  isSigned: boolean,
  read: ReadValue,
): Promise<Picture["modality"]> {
  const [lut] = sequence(header, "00283000");
  const table = lut && (await tableOf(lut, LUT, isSigned, read));
  if (table) return table;
  const stated = grouped(header, "00289145") ?? header;
  return { slope: number(stated, "00281053") ?? 1, intercept: number(stated, "00281052") ?? 0 };
}

async function paletteOf(header: DicomJson, read: ReadValue): Promise<Picture["palette"]> {
  const table = (colour: string) =>
    tableOf(header, { descriptor: `0028110${colour}`, data: `0028120${colour}` }, false, read);
  const [red, green, blue] = [await table("1"), await table("2"), await table("3")];
  return red && green && blue ? { red, green, blue } : undefined;
}

function paddingOf(header: DicomJson): Picture["padding"] {
  const value = number(header, "00280120");
  if (value === undefined) return undefined;
  const limit = number(header, "00280121") ?? value;
  return { from: Math.min(value, limit), to: Math.max(value, limit) };
}

/**
 * How a frame is drawn: modality transform, the asked or the first stated window or table, palette, polarity.
 *
 * @returns `undefined` where the attributes make no picture that is drawn
 * @see DICOM PS3.4 §N.2 (grayscale transformation sequence); PS3.18 §8.3.5 (rendering)
 */
export async function pictureOf(
  header: DicomJson,
  transferSyntaxUid: string,
  wish: PictureWish,
  read: ReadValue,
): Promise<Picture | undefined> {
  const pixels = pixelModuleOf(header);
  if (!pixels) return undefined;
  const { viewport, format, quality } = wish;
  const photometric = decodedPhotometric(pixels, transferSyntaxUid);
  const palette = photometric === "PALETTE COLOR" ? await paletteOf(header, read) : undefined;
  if (photometric === "PALETTE COLOR" && !palette) return undefined;
  const [voiLut] = sequence(header, "00283010");
  const table = voiLut && (await tableOf(voiLut, LUT, pixels.isSigned, read));
  const isInverted =
    (text(header, "20500020") ?? (photometric === "MONOCHROME1" ? "INVERSE" : "IDENTITY")) === "INVERSE";
  return {
    pixels,
    photometric,
    modality: await modalityOf(header, pixels.isSigned, read),
    voi: wish.window ?? windowOf(header) ?? table,
    isInverted,
    palette,
    padding: paddingOf(header),
    viewport,
    format,
    quality,
  };
}
