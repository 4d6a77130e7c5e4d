import type { Header } from "../contract.ts";
import { text } from "../header.ts";
import { hasPalette } from "../pixels/palette.ts";

const NAMES: Record<string, string> = {
  "1.2.840.10008.1.2": "Implicit VR Little Endian",
  "1.2.840.10008.1.2.1": "Explicit VR Little Endian",
  "1.2.840.10008.1.2.1.98": "Encapsulated Uncompressed Explicit VR Little Endian",
  "1.2.840.10008.1.2.1.99": "Deflated Explicit VR Little Endian",
  "1.2.840.10008.1.2.2": "Explicit VR Big Endian",
  "1.2.840.10008.1.2.5": "RLE Lossless",
  "1.2.840.10008.1.2.8.1": "Deflated Image Frame",
  "1.2.840.10008.1.2.4.50": "JPEG Baseline",
  "1.2.840.10008.1.2.4.51": "JPEG Extended",
  "1.2.840.10008.1.2.4.53": "JPEG Spectral Selection",
  "1.2.840.10008.1.2.4.55": "JPEG Full Progression",
  "1.2.840.10008.1.2.4.57": "JPEG Lossless",
  "1.2.840.10008.1.2.4.70": "JPEG Lossless, first-order prediction",
  "1.2.840.10008.1.2.4.80": "JPEG-LS Lossless",
  "1.2.840.10008.1.2.4.81": "JPEG-LS Near-lossless",
  "1.2.840.10008.1.2.4.90": "JPEG 2000 Lossless",
  "1.2.840.10008.1.2.4.91": "JPEG 2000",
  "1.2.840.10008.1.2.4.201": "HTJ2K Lossless",
  "1.2.840.10008.1.2.4.202": "HTJ2K Lossless RPCL",
  "1.2.840.10008.1.2.4.203": "HTJ2K",
};

/** Its decoder is off where a scan refines values of more than 8 bits: by 15 grey values on average against DCMTK's. */
const REFINED = "1.2.840.10008.1.2.4.55";

const PHOTOMETRICS = new Set([
  ...["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB"],
  ...["YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT", "YBR_PARTIAL_420"],
]);

/**
 * Why decoded pixels can't be made greys or colours; `undefined` where they can. The library would never answer.
 *
 * @see DICOM PS3.3 §C.7.6.3.1.2
 */
export function whyNotPainted(header: Header): string | undefined {
  const photometric = text(header, "00280004");
  if (photometric === "PALETTE COLOR" && !hasPalette(header))
    return "This image has colours by a palette, and came without it. Open it in your PACS.";
  return photometric === undefined || PHOTOMETRICS.has(photometric)
    ? undefined
    : `This image has its colours in a form that this viewer doesn't read (${photometric}). Open it in your PACS.`;
}

/**
 * Why the browser can't show an image, in place of it; `undefined` where it can.
 *
 * @param bitsAllocated - (0028,0100)
 */
export function whyNotShown(transferSyntaxUid: string, bitsAllocated = 8): string | undefined {
  if (transferSyntaxUid === REFINED && bitsAllocated > 8)
    return "This image is stored as progressive JPEG of 12 bits, which this viewer would not show truly. Open it in your PACS.";
  if (NAMES[transferSyntaxUid]) return undefined;
  return /^1\.2\.840\.10008\.1\.2\.4\.10\d|^1\.2\.840\.10008\.1\.2\.4\.(4|5|6)\./.test(transferSyntaxUid)
    ? "This is video (MPEG), which this viewer doesn't play yet. Open it in your PACS."
    : `This image is stored in a form that this viewer doesn't read (transfer syntax ${transferSyntaxUid}). Open it in your PACS.`;
}
