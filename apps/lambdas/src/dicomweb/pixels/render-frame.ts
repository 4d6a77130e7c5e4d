import { encode } from "jpeg-js";
import { PNG } from "pngjs";
import type { Picture, Table, Viewport, Window } from "./picture.ts";
import { PixelsUnreadable } from "./pixels-unreadable.ts";

/** 8 bits a sample, one or three samples a pixel. */
type Drawn = { width: number; height: number; channels: 1 | 3; data: Uint8Array };

/** Samples as numbers. Bits above the stored ones are no part of a value. */
function samplesOf(bytes: Uint8Array, { pixels }: Picture): Int32Array {
  const { bitsAllocated, bitsStored, isSigned, rows, columns, samples } = pixels;
  const out = new Int32Array(rows * columns * samples);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shift = 32 - bitsStored;
  for (let at = 0; at < out.length; at += 1) {
    const raw =
      bitsAllocated === 1
        ? ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1
        : bitsAllocated === 8
          ? (bytes[at] ?? 0)
          : bitsAllocated === 16
            ? view.getUint16(at * 2, true)
            : view.getInt32(at * 4, true);
    out[at] = bitsAllocated === 32 ? raw : isSigned ? (raw << shift) >> shift : (raw << shift) >>> shift;
  }
  return out;
}

const clamp = (value: number) => (value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value));

const lookUp = ({ first, values }: Table, value: number): number =>
  values[Math.min(values.length - 1, Math.max(0, Math.round(value) - first))] ?? 0;

/** To 0…255. @see DICOM PS3.3 §C.11.2.1.2 (window), §C.11.2.1.3 (functions) */
function windowed({ center, width, shape }: Window): (value: number) => number {
  if (shape === "SIGMOID") return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
  if (shape === "LINEAR_EXACT") return (value) => ((value - center) / width + 0.5) * 255;
  if (width <= 1) return (value) => (value <= center - 0.5 ? 0 : 255);
  return (value) => ((value - (center - 0.5)) / (width - 1) + 0.5) * 255;
}

/** From the darkest to the brightest, padding apart. */
function widest(values: Float64Array, isPadding: (index: number) => boolean): Window {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  values.forEach((value, index) => {
    if (isPadding(index)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  if (!(high > low))
    return { center: (Number.isFinite(low) ? low : 0) + 0.5, width: 1, shape: "LINEAR_EXACT" };
  return { center: (low + high) / 2, width: high - low, shape: "LINEAR_EXACT" };
}

function grey(samples: Int32Array, picture: Picture): Uint8Array {
  const { modality, padding, isInverted } = picture;
  const isPadding = (index: number) =>
    padding !== undefined && (samples[index] ?? 0) >= padding.from && (samples[index] ?? 0) <= padding.to;
  const values = new Float64Array(samples.length);
  for (let at = 0; at < samples.length; at += 1) {
    const stored = samples[at] ?? 0;
    values[at] =
      "slope" in modality ? stored * modality.slope + modality.intercept : lookUp(modality, stored);
  }
  const voi = picture.voi ?? widest(values, isPadding);
  const show =
    "values" in voi ? (value: number) => (lookUp(voi, value) * 255) / (2 ** voi.bits - 1) : windowed(voi);
  const out = new Uint8Array(samples.length);
  for (let at = 0; at < out.length; at += 1) {
    const value = clamp(show(values[at] ?? 0));
    // Padding is no tissue: it is drawn as background.
    out[at] = isPadding(at) ? 0 : isInverted ? 255 - value : value;
  }
  return out;
}

function fromPalette(samples: Int32Array, { palette }: Picture): Uint8Array {
  if (!palette) throw new PixelsUnreadable("no palette");
  const tables = [palette.red, palette.green, palette.blue];
  const out = new Uint8Array(samples.length * 3);
  for (let at = 0; at < samples.length; at += 1)
    tables.forEach((table, channel) => {
      out[at * 3 + channel] = clamp((lookUp(table, samples[at] ?? 0) * 255) / (2 ** table.bits - 1));
    });
  return out;
}

/** @see DICOM PS3.3 §C.7.6.3.1.2 (YBR_FULL) */
function toRgb(yellow: Uint8Array): Uint8Array {
  const out = new Uint8Array(yellow.length);
  for (let at = 0; at + 2 < yellow.length; at += 3) {
    const [y = 0, cb = 0, cr = 0] = [yellow[at], (yellow[at + 1] ?? 0) - 128, (yellow[at + 2] ?? 0) - 128];
    out[at] = clamp(y + 1.402 * cr);
    out[at + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    out[at + 2] = clamp(y + 1.772 * cb);
  }
  return out;
}

/** Two pixels share their chroma. @see DICOM PS3.3 §C.7.6.3.1.2 (YBR_FULL_422) */
function unshared(bytes: Uint8Array, pixels: number): Uint8Array {
  const out = new Uint8Array(pixels * 3);
  for (let at = 0; at * 2 < pixels; at += 1) {
    const [y1 = 0, y2 = 0, cb = 0, cr = 0] = bytes.subarray(at * 4, at * 4 + 4);
    out.set([y1, cb, cr], at * 6);
    if (at * 2 + 1 < pixels) out.set([y2, cb, cr], at * 6 + 3);
  }
  return out;
}

function colour(bytes: Uint8Array, picture: Picture): Uint8Array {
  const { rows, columns, bitsAllocated, bitsStored, isPlanar } = picture.pixels;
  const pixels = rows * columns;
  // Shared chroma is stored so by native objects alone; decoders give all three.
  if (picture.photometric === "YBR_FULL_422" && bytes.length < pixels * 3)
    return toRgb(unshared(bytes, pixels));
  const samples = samplesOf(bytes, picture);
  const most = 2 ** bitsStored - 1;
  const out = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel += 1)
    for (let channel = 0; channel < 3; channel += 1) {
      const value = samples[isPlanar ? channel * pixels + pixel : pixel * 3 + channel] ?? 0;
      out[pixel * 3 + channel] = bitsAllocated === 8 ? value : clamp((value * 255) / most);
    }
  return /^YBR_FULL/.test(picture.photometric) ? toRgb(out) : out;
}

function drawn(bytes: Uint8Array, picture: Picture): Drawn {
  const { rows: height, columns: width, samples } = picture.pixels;
  if (picture.photometric === "PALETTE COLOR")
    return { width, height, channels: 3, data: fromPalette(samplesOf(bytes, picture), picture) };
  if (samples === 3) return { width, height, channels: 3, data: colour(bytes, picture) };
  if (samples !== 1) throw new PixelsUnreadable("a colour model that is not drawn");
  return { width, height, channels: 1, data: grey(samplesOf(bytes, picture), picture) };
}

function cropped(image: Drawn, { crop }: Viewport): Drawn {
  if (!crop) return image;
  const x = Math.min(crop.x, image.width - 1);
  const y = Math.min(crop.y, image.height - 1);
  const width = Math.min(crop.width, image.width - x);
  const height = Math.min(crop.height, image.height - y);
  const data = new Uint8Array(width * height * image.channels);
  for (let row = 0; row < height; row += 1) {
    const from = ((y + row) * image.width + x) * image.channels;
    data.set(image.data.subarray(from, from + width * image.channels), row * width * image.channels);
  }
  return { ...image, width, height, data };
}

/** Each pixel is the mean of those that it stands for; enlarged, the nearest. The picture keeps its shape. */
function scaled(image: Drawn, viewport: Viewport): Drawn {
  const ratio = Math.min(viewport.width / image.width, viewport.height / image.height);
  const [width, height] = [
    Math.max(1, Math.round(image.width * ratio)),
    Math.max(1, Math.round(image.height * ratio)),
  ];
  if (width === image.width && height === image.height) return image;
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row += 1) {
    const top = Math.floor((row * image.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * image.height) / height));
    for (let column = 0; column < width; column += 1) {
      const left = Math.floor((column * image.width) / width);
      const right = Math.max(left + 1, Math.floor(((column + 1) * image.width) / width));
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let y = top; y < bottom; y += 1)
          for (let x = left; x < right; x += 1)
            sum += image.data[(y * image.width + x) * channels + channel] ?? 0;
        data[(row * width + column) * channels + channel] = Math.round(
          sum / ((bottom - top) * (right - left)),
        );
      }
    }
  }
  return { width, height, channels, data };
}

/** By jpeg-js: libjpeg-turbo's build for the web refuses what packs to more than it was, as small pictures do. */
function asJpeg({ width, height, channels, data }: Drawn, quality: number): Uint8Array {
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let pixel = 0; pixel < width * height; pixel += 1)
    for (let channel = 0; channel < 3; channel += 1)
      rgba[pixel * 4 + channel] = data[pixel * channels + (channels === 3 ? channel : 0)] ?? 0;
  return encode({ data: rgba, width, height }, quality).data;
}

function asPng({ width, height, channels, data }: Drawn): Uint8Array {
  const colorType = channels === 1 ? 0 : 2;
  const png = new PNG({ width, height, colorType, inputColorType: colorType, inputHasAlpha: false });
  png.data = Buffer.from(data);
  return PNG.sync.write(png, { colorType, inputColorType: colorType, inputHasAlpha: false });
}

/** Draws a frame in 8 bits. What is drawn is reduced: for looking up, never for reading. */
export function renderFrame(bytes: Uint8Array, picture: Picture): Uint8Array {
  const whole = drawn(bytes, picture);
  const { viewport, format, quality } = picture;
  const image = viewport ? scaled(cropped(whole, viewport), viewport) : whole;
  return format === "image/png" ? asPng(image) : asJpeg(image, quality);
}
