import { inflateRawSync } from "node:zlib";
import charlsWasm from "@cornerstonejs/codec-charls/decodewasm";
import loadCharls from "@cornerstonejs/codec-charls/decodewasmjs";
import turboWasm from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm";
import loadTurbo from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
import openJpegWasm from "@cornerstonejs/codec-openjpeg/decodewasm";
import loadOpenJpeg from "@cornerstonejs/codec-openjpeg/decodewasmjs";
import { Decoder as LosslessDecoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import JpegImage from "jpeg-12-bit";
import { codestreamSize } from "./codestream-size.ts";
import { decodeRle } from "./decode-rle.ts";
import { openJph } from "./htj2k-codec.ts";
import { frameSize, type PixelModule } from "./pixel-module.ts";
import { PixelsUnreadable } from "./pixels-unreadable.ts";

/** Loaded at first use, kept for the worker's life. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
const charls = once(() => loadCharls({ wasmBinary: charlsWasm }));
const turbo = once(() => loadTurbo({ wasmBinary: turboWasm }));
const openJpeg = once(() => loadOpenJpeg({ wasmBinary: openJpegWasm }));

type Samples = { bytes: Uint8Array; bytesASample: number };
type Decode = (bytes: Uint8Array, pixels: PixelModule, transferSyntaxUid: string) => Promise<Samples>;

const bytesOf = (samples: Uint8Array | Uint16Array | Int16Array) =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

/** What a codec of WebAssembly gives, copied out of its memory. */
async function byCodec<D extends CodecDecoder>(
  decoder: D,
  bytes: Uint8Array,
  use: (decoder: D) => Uint8Array,
): Promise<Samples> {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const out = use(decoder);
    return { bytes: out, bytesASample: decoder.getFrameInfo().bitsPerSample > 8 ? 2 : 1 };
  } finally {
    decoder.delete();
  }
}
const copyOut = (decoder: CodecDecoder) => Uint8Array.from(decoder.getDecodedBuffer());

/** Colours of one plane each, side by side. */
function interleaved(planes: Uint8Array, samples: number, bytesASample: number): Uint8Array {
  const out = new Uint8Array(planes.length);
  const count = planes.length / samples / bytesASample;
  for (let pixel = 0; pixel < count; pixel += 1)
    for (let sample = 0; sample < samples; sample += 1)
      for (let byte = 0; byte < bytesASample; byte += 1)
        out[(pixel * samples + sample) * bytesASample + byte] =
          planes[(sample * count + pixel) * bytesASample + byte] ?? 0;
  return out;
}

/** Huffman coded: sequential, extended, progressive; lossless. @see ITU-T T.81 table B.1 */
const [PROGRESSIVE, LOSSLESS] = [0xc2, 0xc3];

/** By what the codestream is: devices write one process and name another. */
const jpeg: Decode = async (bytes, pixels, syntax) => {
  const { process, precision } = codestreamSize(bytes) ?? { process: undefined, precision: 8 };
  if (process === LOSSLESS) return jpegLossless(bytes, pixels, syntax);
  if (precision > 8) {
    // The decoder for 12 bits is off where a progressive scan refines values: what it would give is no image.
    if (process === PROGRESSIVE && /\.55$/.test(syntax))
      throw new PixelsUnreadable("progressive JPEG of 12 bits");
    return jpegOf12Bits(bytes, pixels);
  }
  const { JPEGDecoder } = await turbo();
  return byCodec(new JPEGDecoder(), bytes, copyOut);
};

async function jpegOf12Bits(bytes: Uint8Array, { columns, rows }: PixelModule): Promise<Samples> {
  const image = new JpegImage();
  image.parse(bytes);
  image.colorTransform = false;
  return { bytes: bytesOf(image.getData16(columns, rows)), bytesASample: 2 };
}

const jpegLossless: Decode = async (bytes, { bitsAllocated }) => {
  const bytesASample = bitsAllocated <= 8 ? 1 : 2;
  const alone = Uint8Array.from(bytes);
  const decoded = new LosslessDecoder().decode(alone.buffer, 0, alone.length, bytesASample);
  return { bytes: new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength), bytesASample };
};

const jpegLs: Decode = async (bytes, { samples }) => {
  const { JpegLSDecoder } = await charls();
  const decoder = new JpegLSDecoder();
  return byCodec(decoder, bytes, () => {
    const out = copyOut(decoder);
    const bytesASample = decoder.getFrameInfo().bitsPerSample > 8 ? 2 : 1;
    return samples > 1 && decoder.getInterleaveMode() === 0 ? interleaved(out, samples, bytesASample) : out;
  });
};

const jpeg2000: Decode = async (bytes) => byCodec(new (await openJpeg()).J2KDecoder(), bytes, copyOut);
const htj2k: Decode = async (bytes) => byCodec(new (await openJph()).HTJ2KDecoder(), bytes, copyOut);

const rle: Decode = async (bytes, { samples, bitsAllocated, rows, columns }) => {
  const bytesASample = Math.ceil(bitsAllocated / 8);
  const count = bitsAllocated === 1 ? Math.ceil((rows * columns) / 8) : rows * columns;
  return { bytes: decodeRle(bytes, samples, bytesASample, count), bytesASample };
};

/** Native bytes in a wrapping; planes are turned like all others. */
const unwrapped =
  (unpack: (bytes: Uint8Array, size: number) => Uint8Array): Decode =>
  async (bytes, pixels) => {
    const size = frameSize(pixels);
    const out = unpack(bytes, size).subarray(0, size);
    const bytesASample = Math.ceil(pixels.bitsAllocated / 8);
    const isTurned = pixels.samples > 1 && pixels.isPlanar;
    return { bytes: isTurned ? interleaved(out, pixels.samples, bytesASample) : out, bytesASample };
  };

const S = "1.2.840.10008.1.2";
const DECODERS: Readonly<Record<string, Decode>> = {
  [`${S}.1.98`]: unwrapped((bytes) => bytes),
  [`${S}.8.1`]: unwrapped((bytes, size) => inflateRawSync(bytes, { maxOutputLength: size + 1 })),
  [`${S}.5`]: rle,
  [`${S}.4.50`]: jpeg,
  [`${S}.4.51`]: jpeg,
  [`${S}.4.53`]: jpeg,
  [`${S}.4.55`]: jpeg,
  [`${S}.4.57`]: jpeg,
  [`${S}.4.70`]: jpeg,
  [`${S}.4.80`]: jpegLs,
  [`${S}.4.81`]: jpegLs,
  [`${S}.4.90`]: jpeg2000,
  [`${S}.4.91`]: jpeg2000,
  [`${S}.4.201`]: htj2k,
  [`${S}.4.202`]: htj2k,
  [`${S}.4.203`]: htj2k,
};

/** A decoder allocates by what the codestream says: it must be what the header says. */
function checkSize(bytes: Uint8Array, { rows, columns, samples, bitsAllocated }: PixelModule): void {
  const stated = codestreamSize(bytes);
  if (!stated) throw new PixelsUnreadable("no codestream where one should be");
  const isSame = stated.rows === rows && stated.columns === columns && stated.components === samples;
  if (!isSame || stated.precision > bitsAllocated)
    throw new PixelsUnreadable("the codestream is of another size than the header says");
}

/** Samples of one byte in words of two, where the header allocates two. */
function widened(bytes: Uint8Array, { isSigned, bitsStored }: PixelModule): Uint8Array {
  const out = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) {
    const value = bytes[at] ?? 0;
    out[at] = isSigned && bitsStored <= 8 ? (value << 24) >> 24 : value;
  }
  return bytesOf(out);
}

/**
 * One frame of an encapsulated syntax, unpacked: little endian, colours side by side, as many bytes as the header says.
 *
 * @throws {PixelsUnreadable} where it is broken or not what the header says
 */
export async function decodeFrame(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  pixels: PixelModule,
): Promise<Uint8Array> {
  const decode = DECODERS[transferSyntaxUid];
  if (!decode) throw new PixelsUnreadable("no decoder");
  const hasCodestream = /\.4\.\d+$/.test(transferSyntaxUid);
  if (hasCodestream) checkSize(bytes, pixels);
  const samples = await decode(bytes, pixels, transferSyntaxUid);
  const wanted = Math.ceil(pixels.bitsAllocated / 8);
  const out = samples.bytesASample < wanted && wanted === 2 ? widened(samples.bytes, pixels) : samples.bytes;
  if (out.length !== frameSize(pixels))
    throw new PixelsUnreadable("another number of samples than the header says");
  return out;
}
