/** One attribute of the DICOM JSON model. `Value` holds strings, numbers, person names or nested data sets. @see DICOM PS3.18 §F.2 */
export type DicomJsonAttribute = {
  vr: string;
  Value?: DicomJsonValue[];
  InlineBinary?: string;
  /** Where a value too long for a header lies: its byte range in the stored object, as `offset:length`. */
  BulkDataURI?: string;
};
export type PersonNameJson = { Alphabetic?: string; Ideographic?: string; Phonetic?: string };
export type DicomJsonValue = string | number | null | PersonNameJson | DicomJson;
/** A data set; keys are eight upper-case hex digits, in ascending order. */
export type DicomJson = { [tag: string]: DicomJsonAttribute };

/** Bytes `offset … offset + length - 1` of the stored object (of the inflated data set for a deflated object). */
export type ByteSpan = { offset: number; length: number };

/**
 * Where one frame's bytes are. `offset`/`length` span from the first fragment's first byte to the last's last byte;
 * `fragments` is present only when more than one, to strip the 8-byte item headers between them.
 */
export type FrameLocator = ByteSpan & { fragments?: ByteSpan[] };

/**
 * Where one frame lies in a pack, as one HTJ2K codestream in the order of resolutions. `ends`: how many of its first bytes hold each
 * resolution, the lowest first; the last is all. `preview`: the lowest alone once more, beside those of the other frames.
 */
export type PackedFrame = ByteSpan & { ends: number[]; preview?: ByteSpan };

/** Something that breaks the standard and that was accepted. Codes are stable; the message says what was seen, without values. */
export type Deviation = { code: string; message: string };

export type PixelData = {
  /** `(7FE0,0010)` Pixel Data, `(7FE0,0008)` Float, `(7FE0,0009)` Double Float. */
  tag: "7FE00010" | "7FE00008" | "7FE00009";
  encapsulated: boolean;
  numberOfFrames: number;
  frames: FrameLocator[];
  /** SHA-256, hex, of the frames' bytes in order (item headers left out). Judges "same pixels" between alternates. */
  sha256: string;
};

/** What is known of a Part 10 object after one pass over its bytes. */
export type Part10Object = {
  sizeBytes: number;
  /** Hex. Of the bytes as received. */
  sha256Received: string;
  /** Hex. Of the bytes as they are to be stored: equal to received unless `preamble.mustClear`. */
  sha256Stored: string;
  hasMetaHeader: boolean;
  /** `undefined` without a meta header. `mustClear`: neither zero nor a TIFF header (CVE-2019-11687). */
  preamble: { bytes: Uint8Array; mustClear: boolean } | undefined;
  transferSyntaxUid: string;
  /** File meta information, or the one made for an object that came without. */
  meta: DicomJson;
  /** The data set, without pixel data and group lengths. Text is decoded to Unicode whatever its character set. */
  dataset: DicomJson;
  /** `deflate`: locators count in the inflated data set, and the object can't be read by range. */
  encoding: "plain" | "deflate";
  pixelData: PixelData | undefined;
  deviations: Deviation[];
};
