import { imageLoader, type Types, utilities } from "@cornerstonejs/core";
import { utilities as metadata } from "@cornerstonejs/metadata";
import type { Header } from "../contract.ts";
import { type Frame, registerComputed } from "../frames/registry.ts";
import { type Band, bandsOf, type Cut, layoutOf, nameOfPlane, originOf, reformat } from "./reformat.ts";
import type { Volume } from "./volume.ts";

/** The pixels of one volume are held while its planes are looked at: no more than this, and of one volume alone. */
const MOST_BYTES = 512 * 1024 ** 2;
const BYTES_A_VALUE = 4;
const AT_ONCE = 4;

type Slices = { of: Volume; images: Promise<(Types.IImage | undefined)[]> };
let held: Slices | undefined;

async function loadAll({ slices }: Volume): Promise<(Types.IImage | undefined)[]> {
  const images: (Types.IImage | undefined)[] = slices.map(() => undefined);
  const left = [...slices.entries()];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, slice] = next;
      if (slice) images[at] = await imageLoader.loadAndCacheImage(slice.imageId);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return images;
}

/** A slice that can't be had fails the plane: one that looked whole without it would be wrong. */
function imagesOf(volume: Volume): Promise<(Types.IImage | undefined)[]> {
  if (held?.of === volume) return held.images;
  const images = loadAll(volume);
  held = { of: volume, images };
  images.catch(() => {
    if (held?.images === images) held = undefined;
  });
  return images;
}

async function imageOf(imageId: string, volume: Volume, cut: Cut, at: number): Promise<Types.IImage> {
  const images = await imagesOf(volume);
  const first = images.find((image) => image !== undefined);
  if (!first) throw new Error("There is no slice.");
  const { columns, rows, pixelMm } = layoutOf(volume, cut);
  const nothing = Math.min(...images.map((image) => image?.minPixelValue ?? Number.POSITIVE_INFINITY));
  const values = reformat(volume, cut, at, { values: images.map((image) => image?.getPixelData()), nothing });
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: values,
    width: columns,
    height: rows,
    numberOfComponents: 1,
  });
  return Object.assign({}, first, {
    imageId,
    rows,
    columns,
    height: rows,
    width: columns,
    rowPixelSpacing: pixelMm,
    columnPixelSpacing: pixelMm,
    getPixelData: () => values,
    voxelManager,
    dataType: "Float32Array",
    sizeInBytes: values.byteLength,
    imageFrame: { ...first.imageFrame, rows, columns, pixelData: values, imageId },
  }) as unknown as Types.IImage;
}

/** What names the object that was acquired, or its place in it, is no longer true of a cut. */
const NOT_ITS_OWN =
  /^(00080018|00200013|00200032|00200037|00201041|00280010|00280011|00280030|00180050|60[0-9A-F]{6}|52009229|52009230)$/;

function headerOf(header: Header, volume: Volume, cut: Cut, at: number): Header {
  const { columns, rows, pixelMm, along, down } = layoutOf(volume, cut);
  const kept = Object.entries(header).filter(([tag]) => !NOT_ITS_OWN.test(tag));
  return {
    ...Object.fromEntries(kept),
    "00200032": { vr: "DS", Value: [...originOf(volume, cut, at)] },
    "00200037": { vr: "DS", Value: [...along, ...down] },
    "00280010": { vr: "US", Value: [rows] },
    "00280011": { vr: "US", Value: [columns] },
    "00280030": { vr: "DS", Value: [pixelMm, pixelMm] },
  };
}

export type Computed = { name: string; from: number; missing: number; bands: readonly Band[] };
export type Derived = { frames: Frame[]; computed: Computed };

/**
 * The planes that cut a volume, as a stack like any other: its own header, windows, lines and letters.
 *
 * @throws when the volume is larger than what may be held
 */
export async function derivedFrames(volume: Volume, cut: Cut): Promise<Derived> {
  const { columns, rows, count, along, down } = layoutOf(volume, cut);
  const [first] = volume.slices;
  if (!first) throw new Error("There is no slice.");
  const bytes = volume.slices.length * volume.plane.rows * volume.plane.columns * BYTES_A_VALUE;
  if (bytes > MOST_BYTES)
    throw new Error("Other planes can't be computed: the series is too large for this page.");
  const frames = Array.from({ length: count }, (_, at): Frame => {
    const base = `${first.imageId.replace(/\/frames\/\d+$/, "")}-${cut}-${at + 1}`;
    const header = headerOf(first.instance.header, volume, cut, at);
    const imageId = `${base}/frames/1`;
    const instance = { ...first.instance, header, instanceNumber: undefined, slicePosition: undefined };
    return { imageId, instance, frame: 1, locator: { offset: 0, length: columns * rows } };
  });
  for (const [at, frame] of frames.entries()) {
    const { "00083002": _available, "00281056": _function, ...rest } = frame.instance.header;
    await metadata.addDicomWebInstance(frame.imageId.replace("/frames/1", ""), rest);
    registerComputed(frame, () => imageOf(frame.imageId, volume, cut, at));
  }
  const there = volume.slices.filter(Boolean).length;
  const normal = [
    along[1] * down[2] - along[2] * down[1],
    along[2] * down[0] - along[0] * down[2],
    along[0] * down[1] - along[1] * down[0],
  ] as const;
  const computed = {
    name: nameOfPlane({ normal }),
    from: there,
    missing: volume.slices.length - there,
    bands: bandsOf(volume, cut),
  };
  return { frames, computed };
}
