import { type DicomJson, number, text } from "@weald/dicom";

/** What says how samples lie. @see DICOM PS3.3 §C.7.6.3 (Image Pixel) */
export type PixelModule = {
  rows: number;
  columns: number;
  samples: number;
  bitsAllocated: number;
  bitsStored: number;
  isSigned: boolean;
  photometric: string;
  isPlanar: boolean;
};

/** One frame, unpacked, is at most this. */
export const MOST_FRAME_BYTES = 256 * 1024 * 1024;

/** `undefined` where the attributes make no picture that we would unpack. */
export function pixelModuleOf(header: DicomJson): PixelModule | undefined {
  const rows = number(header, "00280010") ?? 0;
  const columns = number(header, "00280011") ?? 0;
  const samples = number(header, "00280002") ?? 1;
  const bitsAllocated = number(header, "00280100") ?? 0;
  const bitsStored = number(header, "00280101") ?? bitsAllocated;
  const isSound =
    [rows, columns].every((one) => Number.isInteger(one) && one >= 1 && one <= 65535) &&
    [1, 3, 4].includes(samples) &&
    [1, 8, 16, 32].includes(bitsAllocated) &&
    bitsStored >= 1 &&
    bitsStored <= bitsAllocated;
  if (!isSound || rows * columns * samples * Math.ceil(bitsAllocated / 8) > MOST_FRAME_BYTES)
    return undefined;
  return {
    rows,
    columns,
    samples,
    bitsAllocated,
    bitsStored,
    isSigned: number(header, "00280103") === 1,
    photometric: text(header, "00280004") ?? (samples === 1 ? "MONOCHROME2" : "RGB"),
    isPlanar: number(header, "00280006") === 1,
  };
}

/** Bytes of one unpacked frame; one-bit frames are packed. */
export const frameSize = ({ rows, columns, samples, bitsAllocated }: PixelModule): number =>
  Math.ceil((rows * columns * samples * bitsAllocated) / 8);

const JPEG_OF_8_BITS = /^1\.2\.840\.10008\.1\.2\.4\.(50|51|53|55)$/;
const JPEG_2000 = /^1\.2\.840\.10008\.1\.2\.4\.(90|91|201|202|203)$/;

/** Photometric Interpretation of what a decoder gives. JPEG decoders turn YCbCr into RGB; JPEG 2000 undoes its own transform. */
export function decodedPhotometric({ photometric }: PixelModule, transferSyntaxUid: string): string {
  if (JPEG_OF_8_BITS.test(transferSyntaxUid) && /^YBR_/.test(photometric)) return "RGB";
  if (JPEG_2000.test(transferSyntaxUid) && /^YBR_(RCT|ICT)$/.test(photometric)) return "RGB";
  return photometric;
}
