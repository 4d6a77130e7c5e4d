import type { Header, ViewerInstance } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { items, meaning, number, numbers, text } from "../header.ts";
import { type Plane, planeOf } from "../link/planes.ts";
import { type Rgb, rgbOfLab } from "./cie-lab.ts";

export type Segment = { number: number; name: string; how: string | undefined; rgb: Rgb };
type Source = { sopInstanceUid: string; frames: readonly number[] };
/** One frame of it: a part of one segment; of a label map, where each pixel says whose it is, none is named. `frame` counts from 1. */
export type SegmentFrame = {
  frame: number;
  segment: number | undefined;
  sources: readonly Source[];
  plane: Plane | undefined;
};
export type Segmentation = {
  instance: ViewerInstance;
  name: string;
  rows: number;
  columns: number;
  /** A pixel: 1, 8 or 16. */
  bits: number;
  isLabelMap: boolean;
  /** A value from here on is inside. Of a binary one it is 1. */
  threshold: number;
  /** What a threshold stands for, in words. */
  thresholdText: string | undefined;
  segments: readonly Segment[];
  frames: readonly SegmentFrame[];
  /** Why it can't be laid on any picture. */
  why: string | undefined;
};

const STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";
const LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7";
/** Native, little endian. A data set that was deflated is read whole and is so too. */
const NATIVE = new Set(["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"]);
export const isNative = (transferSyntaxUid: string): boolean => NATIVE.has(transferSyntaxUid);
/** Each frame apart and as it is, or deflated by itself. */
const FRAME_APART = "1.2.840.10008.1.2.1.98";
export const FRAME_DEFLATED = "1.2.840.10008.1.2.8.1";
export const isPlainFrame = (transferSyntaxUid: string): boolean =>
  transferSyntaxUid === FRAME_APART || transferSyntaxUid === FRAME_DEFLATED;
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
/** What loses nothing by the image's own codecs: a segment has no half right edges. */
const LOSSLESS = new Set([
  "1.2.840.10008.1.2.5",
  ...["57", "70", "80", "90", "201", "202"].map((kind) => `1.2.840.10008.1.2.4.${kind}`),
]);
const MOST_PIXELS = 4 * 1024 * 1024;

export const isSegmentation = ({ sopClassUid }: Pick<ViewerInstance, "sopClassUid">): boolean =>
  sopClassUid === STORAGE || sopClassUid === LABEL_MAP;

/** Where a segment asks for no colour. */
const COLOURS: readonly Rgb[] = [
  [255, 105, 97],
  [102, 214, 122],
  [90, 170, 255],
  [255, 214, 92],
  [214, 130, 255],
  [80, 220, 220],
];
const colourOf = (item: Header, at: number): Rgb =>
  rgbOfLab(numbers(item, "0062000D")) ?? COLOURS[at % COLOURS.length] ?? [255, 214, 92];

const HOW: Record<string, string> = {
  AUTOMATIC: "by a machine",
  SEMIAUTOMATIC: "by a person with a machine",
  MANUAL: "by a person",
};

const segmentsOf = (header: Header): Segment[] =>
  items(header, "00620002").flatMap((item, at) => {
    const segment = number(item, "00620004");
    if (segment === undefined) return [];
    const name = text(item, "00620005") ?? meaning(items(item, "0062000F")[0]) ?? `Segment ${segment}`;
    const how = HOW[text(item, "00620008") ?? ""];
    return [{ number: segment, name, how, rgb: colourOf(item, at) }];
  });

/** What stands in a frame's own functional group, else in the one that all share. */
function groupOf(header: Header, frame: number, tag: string): Header[] {
  for (const group of [items(header, "52009230")[frame - 1], items(header, "52009229")[0]]) {
    const found = group ? items(group, tag) : [];
    if (found.length > 0) return found;
  }
  return [];
}

const sourcesOf = (header: Header, frame: number): Source[] =>
  groupOf(header, frame, "00089124")
    .flatMap((derivation) => items(derivation, "00082112"))
    .flatMap((image) => {
      const sopInstanceUid = text(image, "00081155");
      return sopInstanceUid ? [{ sopInstanceUid, frames: numbers(image, "00081160") }] : [];
    });

const isLabelMap = ({ header, sopClassUid }: ViewerInstance): boolean =>
  sopClassUid === LABEL_MAP || text(header, "00620001") === "LABELMAP";

function frameOf(instance: ViewerInstance, frame: number): SegmentFrame[] {
  const { header } = instance;
  const [identified] = groupOf(header, frame, "0062000A");
  const segment = identified && number(identified, "0062000B");
  if (segment === undefined && !isLabelMap(instance)) return [];
  return [{ frame, segment, sources: sourcesOf(header, frame), plane: planeOf({ instance, frame }) }];
}

/** Bits a pixel that each kind may have. @see DICOM PS3.3 §C.8.20.2.1, §C.8.20.3 */
function bitsAllowed(instance: ViewerInstance): readonly number[] {
  if (isLabelMap(instance)) return [8, 16];
  return text(instance.header, "00620001") === "FRACTIONAL" ? [8] : [1];
}

const isTiled = (header: Header): boolean =>
  text(header, "00209311")?.startsWith("TILED") === true ||
  header["00480006"] !== undefined ||
  header["00480007"] !== undefined;

function whyNotRead(transferSyntaxUid: string, bits: number, header: Header): string | undefined {
  if (isNative(transferSyntaxUid) || isPlainFrame(transferSyntaxUid)) return undefined;
  if (transferSyntaxUid === BIG_ENDIAN)
    return "It is stored in another byte order, which isn't laid over images here.";
  if (!LOSSLESS.has(transferSyntaxUid))
    return "It is stored compressed with loss, or in a form that this viewer doesn't read.";
  // A codec would make colours of it.
  if (bits === 1 || text(header, "00280004") === "PALETTE COLOR")
    return "It is stored compressed in a form that this viewer doesn't read.";
  return undefined;
}

function whyNot(instance: ViewerInstance): string | undefined {
  const { header, transferSyntaxUid } = instance;
  const bits = number(header, "00280100") ?? 0;
  const [rows, columns] = [number(header, "00280010") ?? 0, number(header, "00280011") ?? 0];
  if (isTiled(header))
    return "It is cut into tiles of a larger picture (a slide), which isn't laid over images here.";
  if (!bitsAllowed(instance).includes(bits)) return "It says of its pixels what no segmentation may.";
  if (rows * columns === 0 || rows * columns > MOST_PIXELS)
    return "Its frames are too large to be laid here.";
  return whyNotRead(transferSyntaxUid, bits, header);
}

/** @see DICOM PS3.3 §A.51, §C.8.20 */
export function segmentationOf(instance: ViewerInstance): Segmentation {
  const { header } = instance;
  const isFractional = text(header, "00620001") === "FRACTIONAL";
  const most = number(header, "0062000E") || 255;
  const what = text(header, "00620010") === "OCCUPANCY" ? "occupied" : "probable";
  const frames = instance.frames.flatMap((_, index) => frameOf(instance, index + 1));
  // A label map may describe what is no segment: 0 is around all of them.
  const segments = segmentsOf(header).filter((one) => one.number !== 0 || !isLabelMap(instance));
  return {
    instance,
    name: text(header, "00700081") ?? text(header, "0008103E") ?? text(header, "00700080") ?? "Segmentation",
    rows: number(header, "00280010") ?? 0,
    columns: number(header, "00280011") ?? 0,
    bits: number(header, "00280100") ?? 0,
    isLabelMap: isLabelMap(instance),
    threshold: isFractional ? Math.ceil(most / 2) : 1,
    thresholdText: isFractional ? `drawn where at least half ${what}` : undefined,
    segments,
    frames,
    why:
      whyNot(instance) ??
      (frames.length === 0 || segments.length === 0
        ? "It doesn't say which of its frames is which segment."
        : undefined),
  };
}

/** The series and an image that it was made of, from its middle: where there is something to see. */
export function madeOf({ instance, frames }: Segmentation) {
  const middle = frames[Math.floor(frames.length / 2)];
  const source = middle?.sources[0] ?? frames.find(({ sources }) => sources.length > 0)?.sources[0];
  if (!source) return undefined;
  const series = items(instance.header, "00081115").find((one) =>
    items(one, "0008114A").some((image) => text(image, "00081155") === source.sopInstanceUid),
  );
  return {
    seriesInstanceUid: series && text(series, "0020000E"),
    sopInstanceUid: source.sopInstanceUid,
    frame: source.frames[0] ?? 1,
    says: "",
  };
}

export type Pictured = Pick<Frame, "instance" | "frame">;
export const isSourceOf = ({ sources }: SegmentFrame, { instance, frame }: Pictured): boolean =>
  sources.some(
    (source) =>
      source.sopInstanceUid === instance.sopInstanceUid &&
      (source.frames.length === 0 || source.frames.includes(frame)),
  );

export const namesFrame = ({ sources }: SegmentFrame, { instance }: Pictured): boolean =>
  sources.some(
    ({ sopInstanceUid, frames }) => sopInstanceUid === instance.sopInstanceUid && frames.length > 0,
  );
