/** An object that can't be taken in. `message` is for a person and holds no value of the object. */
export class DicomError extends Error {
  readonly code: string;
  readonly kind: "invalid" | "unsupported" | "too_large";
  constructor(
    code: string,
    message: string,
    kind: "invalid" | "unsupported" | "too_large" = "invalid",
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "DicomError";
    this.code = code;
    this.kind = kind;
  }
}

const AGAIN = "Send it again from its source.";

export const refusals = {
  empty: () => new DicomError("EMPTY_FILE", `The file is empty. ${AGAIN}`),
  notDicom: () => new DicomError("NOT_DICOM", "The file is no DICOM object."),
  dicomdir: () =>
    new DicomError("DICOMDIR", "This is a disc's directory (DICOMDIR), not an image: nothing to keep."),
  truncated: () => new DicomError("TRUNCATED", `The file ends in the middle of its header. ${AGAIN}`),
  malformed: (what: string) =>
    new DicomError("MALFORMED", `The file's structure is broken (${what}). ${AGAIN}`),
  headerTooLarge: () =>
    new DicomError(
      "HEADER_TOO_LARGE",
      "The header is larger than 32 MB, which no device makes.",
      "too_large",
    ),
  tooManyElements: () =>
    new DicomError("HEADER_TOO_LARGE", "The header holds more than 200,000 elements.", "too_large"),
  nesting: () =>
    new DicomError("NESTING_TOO_DEEP", "Sequences are nested deeper than 64 levels, which no device makes."),
  dimensions: () =>
    new DicomError(
      "DIMENSIONS_INVALID",
      "Rows, columns, samples or bits of the image make no sense together.",
    ),
  pixelsTruncated: () => new DicomError("PIXEL_DATA_TRUNCATED", `The image data ends too early. ${AGAIN}`),
  frameCount: () =>
    new DicomError(
      "FRAME_COUNT_MISMATCH",
      `The number of frames in the file is not the number that it states. ${AGAIN}`,
    ),
  inflateBomb: () =>
    new DicomError(
      "INFLATE_BOMB",
      "The compressed part of the file unpacks to more than any device makes.",
      "too_large",
    ),
  inflate: () =>
    new DicomError("INFLATE_FAILED", `The compressed part of the file can't be unpacked. ${AGAIN}`),
  unsupported: () =>
    new DicomError(
      "TRANSFER_SYNTAX_UNSUPPORTED",
      "The image data is kept outside the file (JPIP), which is not supported.",
      "unsupported",
    ),
} as const;

/** Every code with which the reader refuses an object. */
export const refusalCodes: readonly string[] = [
  ...new Set(Object.values(refusals).map((refuse) => refuse("").code)),
].sort();
