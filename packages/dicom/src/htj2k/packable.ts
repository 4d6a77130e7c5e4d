import { number, text } from "../dataset/read-values.ts";
import { transferSyntaxOf } from "../transfer-syntax.ts";
import type { DicomJson } from "../types.ts";

/**
 * Why an object's pixels stay as they were sent, and out of the pack of its series. What is packed is held without loss, bit for
 * bit, by the codec that we have; all else is served from the original.
 */
export const STAYS = {
  "no-pixels": "It holds no image.",
  "float-pixels": "HTJ2K holds whole numbers.",
  "lossy-source": "It was packed with loss: packed again without, it would be larger and no better.",
  "unread-syntax": "Its form can't be unpacked here, or can't be read by parts (deflated data sets, video).",
  palette: "Its values are places in a table: wavelets make them larger.",
  "one-bit": "Bits of a mask: wavelets make them larger.",
  "colour-form": "Only RGB of 8 bits with its colours side by side is unpacked everywhere as it was.",
  depth: "The codec holds 8 bits without a sign, or up to 16.",
  "stray-bits": "Bits that are no part of a value (overlays, padding) would be lost.",
  "sent-smaller": "Its source packed it better, by more than a tenth.",
  unreadable: "Its pixels can't be unpacked, or don't come back equal.",
  "too-large": "A frame, or the series, is larger than one pack takes.",
} as const;
export type StaysCode = keyof typeof STAYS;

const S = "1.2.840.10008.1.2";
/** Held without loss, and unpacked here frame by frame. */
const PACKABLE = new Set(
  ["", ".1", ".2", ".1.98", ".5", ".8.1", ".4.57", ".4.70", ".4.80", ".4.90", ".4.201", ".4.202"].map(
    (rest) => `${S}${rest}`,
  ),
);

export type Packable = {
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  numberOfFrames: number;
  header: DicomJson;
};

function whyDepthStays(header: DicomJson): StaysCode | undefined {
  const allocated = number(header, "00280100") ?? 0;
  const stored = number(header, "00280101") ?? allocated;
  const highBit = number(header, "00280102") ?? stored - 1;
  // Float pixels state no Pixel Representation. @see DICOM PS3.3 §C.7.6.24
  if (!header["00280103"]) return "float-pixels";
  if (allocated === 1) return "one-bit";
  if (![8, 16].includes(allocated) || (allocated === 8 && number(header, "00280103") === 1)) return "depth";
  return stored > allocated || highBit !== stored - 1 ? "stray-bits" : undefined;
}

function whyColoursStay(header: DicomJson): StaysCode | undefined {
  const samples = number(header, "00280002") ?? 1;
  const photometric = text(header, "00280004") ?? "MONOCHROME2";
  if (photometric === "PALETTE COLOR") return "palette";
  if (samples === 1) return /^MONOCHROME[12]$/.test(photometric) ? undefined : "colour-form";
  const isPlain =
    samples === 3 &&
    photometric === "RGB" &&
    number(header, "00280100") === 8 &&
    number(header, "00280101") === 8 &&
    number(header, "00280006") !== 1;
  return isPlain ? undefined : "colour-form";
}

/**
 * Whether an object's frames go into the pack of their series, by what its header says.
 *
 * @returns Why not; `undefined`: they do, unless their pixels say otherwise.
 */
export function whyStays({
  transferSyntaxUid,
  encoding,
  numberOfFrames,
  header,
}: Packable): StaysCode | undefined {
  if (numberOfFrames === 0) return "no-pixels";
  if (transferSyntaxOf(transferSyntaxUid).lossy) return "lossy-source";
  if (encoding === "deflate" || !PACKABLE.has(transferSyntaxUid)) return "unread-syntax";
  return whyDepthStays(header) ?? whyColoursStay(header);
}

/** The lowest resolution of a pack's frames is not smaller than this. */
const LOWEST_SIDE = 64;
const MOST_DECOMPOSITIONS = 5;

/** How often a frame of this size is halved in a pack. */
export function decompositionsFor(rows: number, columns: number): number {
  const times = Math.floor(Math.log2(Math.min(rows, columns) / LOWEST_SIDE));
  return Math.max(0, Math.min(MOST_DECOMPOSITIONS, times));
}

/** High-Throughput JPEG 2000 with RPCL Options, lossless only: what every frame of a pack is in. @see DICOM PS3.5 §A.4.9 */
export const HTJ2K_RPCL = `${S}.4.202`;
