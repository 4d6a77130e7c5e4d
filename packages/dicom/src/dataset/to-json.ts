import type { RawDataset, RawElement } from "../part10/element-reader.ts";
import type { Deviation, DicomJson, DicomJsonAttribute, DicomJsonValue, PersonNameJson } from "../types.ts";
import { type TextDecoding, textDecoding } from "./character-sets.ts";

/** Binary values up to this length stand in the header; longer ones are referred to. */
const INLINE_BYTES = 1024;
/** Text that stands in the header, all together; what comes behind it is referred to like other bulk. */
const TEXT_BYTES = 2 * 1024 * 1024;
const ENCODED_TEXT = new Set(["LO", "LT", "PN", "SH", "ST", "UC", "UT"]);
const PLAIN_TEXT = new Set(["AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR"]);
/** One value whatever backslashes it holds. */
const UNDIVIDED = new Set(["LT", "ST", "UR", "UT"]);

type NumberReader = { bytes: number; read(view: DataView, at: number, little: boolean): number | string };
const big = (value: bigint) =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value.toString();
const NUMBERS: Record<string, NumberReader> = {
  US: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  SS: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  UL: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  SL: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  FL: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  FD: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  SV: { bytes: 8, read: (view, at, little) => big(view.getBigInt64(at, little)) },
  UV: { bytes: 8, read: (view, at, little) => big(view.getBigUint64(at, little)) },
};
const SWAPPED: Record<string, number> = { OW: 2, OL: 4, OF: 4, OD: 8, OV: 8 };

export type JsonContext = { bytes: Uint8Array; deviations: Map<string, Deviation> };
type Budget = { textBytes: number };

const isPadding = (letter: string | undefined) =>
  letter === "\0" || letter === " " || /\s/.test(letter ?? "x");

/** By hand: `/\s+$/` takes quadratic time on a value of spaces that ends in a letter. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isPadding(text[end - 1])) end -= 1;
  return text.slice(0, end);
}
const trimBoth = (text: string) => trimEnd(text).replace(/^[\s\0]+/, "");

function personName(text: string): PersonNameJson {
  const [Alphabetic, Ideographic, Phonetic] = text.split("=").map(trimEnd);
  return {
    ...(Alphabetic ? { Alphabetic } : {}),
    ...(Ideographic ? { Ideographic } : {}),
    ...(Phonetic ? { Phonetic } : {}),
  };
}

function numeric(text: string): DicomJsonValue {
  const value = trimBoth(text);
  if (value === "") return null;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : value;
}

function valueOfText(vr: string, text: string): DicomJsonValue {
  if (vr === "PN") return personName(text);
  if (vr === "DS" || vr === "IS") return numeric(text);
  if (vr === "LT" || vr === "ST" || vr === "UT" || vr === "UC") return trimEnd(text);
  return trimBoth(text) || null;
}

const isEmpty = (value: DicomJsonValue) =>
  value === null || value === "" || (value instanceof Object && Object.keys(value).length === 0);

function textAttribute(vr: string, bytes: Uint8Array, decoding: TextDecoding): DicomJsonAttribute {
  const delimiters = vr === "PN" ? "\\^=" : "\\";
  const whole = ENCODED_TEXT.has(vr)
    ? decoding.decode(bytes, delimiters)
    : new TextDecoder("latin1").decode(bytes);
  const values = (UNDIVIDED.has(vr) ? [whole] : whole.split("\\")).map((text) => valueOfText(vr, text));
  if (values.every(isEmpty)) return { vr };
  return { vr, Value: values.map((value) => (isEmpty(value) ? null : value)) };
}

function numberAttribute(
  vr: string,
  reader: NumberReader,
  bytes: Uint8Array,
  littleEndian: boolean,
): DicomJsonAttribute {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / reader.bytes);
  if (count === 0) return { vr };
  return {
    vr,
    Value: Array.from({ length: count }, (_, index) =>
      finite(reader.read(view, index * reader.bytes, littleEndian)),
    ),
  };
}

/** JSON has no NaN and no infinity. */
const finite = (value: number | string): DicomJsonValue =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

function tagAttribute(bytes: Uint8Array, littleEndian: boolean): DicomJsonAttribute {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / 4);
  const hex = (at: number) => view.getUint16(at, littleEndian).toString(16).toUpperCase().padStart(4, "0");
  return count === 0
    ? { vr: "AT" }
    : { vr: "AT", Value: Array.from({ length: count }, (_, index) => hex(index * 4) + hex(index * 4 + 2)) };
}

/** Inline binary is little endian whatever the file was. @see DICOM PS3.18 §F.2.7 */
function binaryAttribute(
  vr: string,
  element: RawElement,
  bytes: Uint8Array,
  littleEndian: boolean,
): DicomJsonAttribute {
  if (bytes.length === 0) return { vr };
  if (bytes.length > INLINE_BYTES) return { vr, BulkDataURI: `${element.offset}:${element.length}` };
  const width = SWAPPED[vr];
  const copy = Buffer.from(bytes);
  if (!littleEndian && width)
    for (let at = 0; at + width <= copy.length; at += width) copy.subarray(at, at + width).reverse();
  return { vr, InlineBinary: copy.toString("base64") };
}

type Surroundings = JsonContext & { decoding: TextDecoding; littleEndian: boolean; budget: Budget };

const isText = (vr: string) => ENCODED_TEXT.has(vr) || PLAIN_TEXT.has(vr);

function attributeOf(element: RawElement, context: Surroundings): DicomJsonAttribute {
  const { vr, items } = element;
  const { decoding } = context;
  if (items)
    return items.length === 0
      ? { vr }
      : { vr, Value: items.map((item) => datasetOf(item, context, decoding, context.budget)) };
  const bytes = context.bytes.subarray(element.offset, element.offset + element.length);
  if (isText(vr)) {
    context.budget.textBytes -= bytes.length;
    if (context.budget.textBytes < 0 && bytes.length > INLINE_BYTES)
      return { vr, BulkDataURI: `${element.offset}:${element.length}` };
    return textAttribute(vr, bytes, decoding);
  }
  if (vr === "AT") return tagAttribute(bytes, context.littleEndian);
  const reader = NUMBERS[vr];
  if (!reader) return binaryAttribute(vr, element, bytes, context.littleEndian);
  // Lookup tables are numbers too: long ones are referred to like other bulk.
  if (bytes.length > 8 * INLINE_BYTES) return { vr, BulkDataURI: `${element.offset}:${element.length}` };
  return numberAttribute(vr, reader, bytes, context.littleEndian);
}

function decodingFor(dataset: RawDataset, context: JsonContext, inherited: TextDecoding): TextDecoding {
  const element = dataset.elements.find(({ tag }) => tag === "00080005");
  if (!element) return inherited;
  const text = new TextDecoder("latin1").decode(
    context.bytes.subarray(element.offset, element.offset + element.length),
  );
  const decoding = textDecoding(text.split("\\").map(trimBoth));
  if (decoding.isUnknown) {
    const message = "The object names a character set that is not known; its text may be wrong.";
    context.deviations.set("UNKNOWN_CHARACTER_SET", { code: "UNKNOWN_CHARACTER_SET", message });
  }
  return decoding;
}

function datasetOf(
  dataset: RawDataset,
  context: JsonContext,
  inherited: TextDecoding,
  budget: Budget,
): DicomJson {
  const decoding = decodingFor(dataset, context, inherited);
  const surroundings = { ...context, decoding, littleEndian: dataset.littleEndian, budget };
  const kept = dataset.elements.filter(({ tag }) => !tag.endsWith("0000") && !/^(FFFC|FFFE)/.test(tag));
  const entries = kept.map((element): [string, DicomJsonAttribute] => [
    element.tag,
    attributeOf(element, surroundings),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * A data set in the DICOM JSON model, its text decoded to Unicode. A character set that an item states holds inside it.
 *
 * @see DICOM PS3.18 §F.2 (DICOM JSON model), PS3.5 §6.1.2 (character repertoires)
 */
export const jsonOf = (dataset: RawDataset, context: JsonContext): DicomJson =>
  datasetOf(dataset, context, textDecoding([]), { textBytes: TEXT_BYTES });
