import { decompositionsFor } from "@weald/dicom";
import { openJph } from "./htj2k-codec.ts";
import { frameSize, type PixelModule } from "./pixel-module.ts";
import { PixelsUnreadable } from "./pixels-unreadable.ts";

const RPCL = 2;
const BLOCK = { width: 64, height: 64 };

/** Samples of two bytes of which a bit beyond the stored ones is no copy of the sign: the packed frame would lose it. */
function hasStrayBits(bytes: Uint8Array, { bitsAllocated, bitsStored, isSigned }: PixelModule): boolean {
  if (bitsStored === bitsAllocated) return false;
  const shift = 32 - bitsStored;
  if (bitsAllocated === 8) return bytes.some((value) => value >> bitsStored !== 0);
  const even = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
  if (isSigned)
    return new Int16Array(even.buffer, even.byteOffset, even.byteLength / 2).some(
      (value) => (value << shift) >> shift !== value,
    );
  return new Uint16Array(even.buffer, even.byteOffset, even.byteLength / 2).some(
    (value) => value >> bitsStored !== 0,
  );
}

const infoOf = ({
  rows,
  columns,
  samples,
  bitsAllocated,
  bitsStored,
  isSigned,
}: PixelModule): CodecFrame => ({
  width: columns,
  height: rows,
  // Of 8 bits or fewer the codec takes and gives single bytes.
  bitsPerSample: bitsAllocated === 8 ? 8 : Math.max(9, bitsStored),
  componentCount: samples,
  isSigned,
  isUsingColorTransform: samples > 1,
});

async function encoded(bytes: Uint8Array, pixels: PixelModule): Promise<Uint8Array> {
  const encoder = new (await openJph()).HTJ2KEncoder();
  try {
    encoder.getDecodedBuffer(infoOf(pixels)).set(bytes);
    encoder.setQuality(true, 0);
    encoder.setProgressionOrder(RPCL);
    encoder.setDecompositions(decompositionsFor(pixels.rows, pixels.columns));
    encoder.setBlockDimensions(BLOCK);
    // A tile-part for each resolution: its markers say where one can be cut.
    encoder.setTilePartDivisionsAtResolutions(true);
    encoder.encode();
    return Uint8Array.from(encoder.getEncodedBuffer());
  } finally {
    encoder.delete();
  }
}

async function comesBack(packed: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const decoder = new (await openJph()).HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(packed.length).set(packed);
    decoder.decode();
    return Buffer.compare(decoder.getDecodedBuffer(), bytes) === 0;
  } finally {
    decoder.delete();
  }
}

/**
 * One unpacked frame as lossless HTJ2K in the order of resolutions, once it has been unpacked again and is equal.
 *
 * @throws {PixelsUnreadable} with `stays`, where the pack would not hold it as it is
 */
export async function packFrame(bytes: Uint8Array, pixels: PixelModule): Promise<Uint8Array> {
  if (bytes.length !== frameSize(pixels)) throw new PixelsUnreadable("another size than the header says");
  if (hasStrayBits(bytes, pixels)) throw new PixelsUnreadable("stray bits", "stray-bits");
  const packed = await encoded(bytes, pixels);
  if (!(await comesBack(packed, bytes))) throw new PixelsUnreadable("it does not come back equal");
  return packed;
}
