export type TransferSyntax = {
  uid: string;
  name: string;
  byteOrder: "little" | "big";
  explicitVr: boolean;
  encapsulated: boolean;
  deflated?: true;
  lossy?: true;
  /** Cannot be cut into still frames. */
  video?: true;
  /** The viewer's codecs decode it. */
  viewable: boolean;
};

const native = (uid: string, name: string, more: Partial<TransferSyntax> = {}): TransferSyntax => ({
  uid: `1.2.840.10008.1.2${uid}`,
  name,
  byteOrder: "little",
  explicitVr: true,
  encapsulated: false,
  viewable: true,
  ...more,
});
const packed = (uid: string, name: string, more: Partial<TransferSyntax> = {}) =>
  native(uid, name, { encapsulated: true, ...more });
const film = (uid: string, name: string): TransferSyntax[] => [
  packed(uid, name, { lossy: true, video: true, viewable: false }),
  // The same stream cut into fragments.
  packed(`${uid}.1`, `Fragmentable ${name}`, { lossy: true, video: true, viewable: false }),
];
const retired = (uid: string, process: string, more: Partial<TransferSyntax> = {}) =>
  packed(uid, `JPEG ${process} (retired)`, { lossy: true, viewable: false, ...more });

/** @see DICOM PS3.6 §A, table A-1 */
const TABLE: readonly TransferSyntax[] = [
  native("", "Implicit VR Little Endian", { explicitVr: false }),
  native(".1", "Explicit VR Little Endian"),
  packed(".1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
  native(".1.99", "Deflated Explicit VR Little Endian", { deflated: true }),
  native(".2", "Explicit VR Big Endian", { byteOrder: "big" }),
  packed(".4.50", "JPEG Baseline (Process 1)", { lossy: true }),
  packed(".4.51", "JPEG Extended (Process 2 and 4)", { lossy: true }),
  packed(".4.53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)", {
    lossy: true,
  }),
  packed(".4.55", "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)", {
    lossy: true,
  }),
  packed(".4.57", "JPEG Lossless, Non-Hierarchical (Process 14)"),
  packed(".4.70", "JPEG Lossless, Non-Hierarchical, First-Order Prediction"),
  packed(".4.80", "JPEG-LS Lossless"),
  packed(".4.81", "JPEG-LS Near-Lossless", { lossy: true }),
  packed(".4.90", "JPEG 2000 (Lossless Only)"),
  packed(".4.91", "JPEG 2000", { lossy: true }),
  packed(".4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", { viewable: false }),
  packed(".4.93", "JPEG 2000 Part 2 Multi-component", { lossy: true, viewable: false }),
  packed(".4.110", "JPEG XL Lossless", { viewable: false }),
  packed(".4.111", "JPEG XL JPEG Recompression", { lossy: true, viewable: false }),
  packed(".4.112", "JPEG XL", { lossy: true, viewable: false }),
  ...film(".4.100", "MPEG2 Main Profile / Main Level"),
  ...film(".4.101", "MPEG2 Main Profile / High Level"),
  ...film(".4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1"),
  ...film(".4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
  ...film(".4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video"),
  ...film(".4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video"),
  ...film(".4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"),
  packed(".4.107", "HEVC/H.265 Main Profile / Level 5.1", { lossy: true, video: true, viewable: false }),
  packed(".4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", { lossy: true, video: true, viewable: false }),
  packed(".4.201", "High-Throughput JPEG 2000 (Lossless Only)"),
  packed(".4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)"),
  packed(".4.203", "High-Throughput JPEG 2000", { lossy: true }),
  packed(".5", "RLE Lossless"),
  packed(".8.1", "Deflated Image Frame Compression"),
  retired(".4.52", "Extended (Process 3 and 5)"),
  retired(".4.54", "Spectral Selection, Non-Hierarchical (Process 7 and 9)"),
  retired(".4.56", "Full Progression, Non-Hierarchical (Process 11 and 13)"),
  retired(".4.58", "Lossless, Non-Hierarchical (Process 15)", { lossy: undefined }),
  retired(".4.59", "Extended, Hierarchical (Process 16 and 18)"),
  retired(".4.60", "Extended, Hierarchical (Process 17 and 19)"),
  retired(".4.61", "Spectral Selection, Hierarchical (Process 20 and 22)"),
  retired(".4.62", "Spectral Selection, Hierarchical (Process 21 and 23)"),
  retired(".4.63", "Full Progression, Hierarchical (Process 24 and 26)"),
  retired(".4.64", "Full Progression, Hierarchical (Process 25 and 27)"),
  retired(".4.65", "Lossless, Hierarchical (Process 28)", { lossy: undefined }),
  retired(".4.66", "Lossless, Hierarchical (Process 29)", { lossy: undefined }),
];

const BY_UID = new Map(TABLE.map((syntax) => [syntax.uid, syntax]));

/** JPIP refers to a server instead of holding the pixels. */
export const isReferenced = (uid: string) => /^1\.2\.840\.10008\.1\.2\.4\.(94|95|204|205)$/.test(uid);

/** What is known of a transfer syntax; one that isn't in the table is read as explicit little endian and not shown. */
export const transferSyntaxOf = (uid: string): TransferSyntax =>
  BY_UID.get(uid) ?? {
    uid,
    name: "unknown transfer syntax",
    byteOrder: "little",
    explicitVr: true,
    encapsulated: true,
    viewable: false,
  };

export const isKnownTransferSyntax = (uid: string) => BY_UID.has(uid);
export const transferSyntaxes = TABLE;

export const IMPLICIT_LITTLE = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
export const EXPLICIT_BIG = "1.2.840.10008.1.2.2";
export const DEFLATED = "1.2.840.10008.1.2.1.99";
