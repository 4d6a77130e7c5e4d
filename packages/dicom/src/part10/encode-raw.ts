import { type TextDecoding, textDecoding } from "../dataset/character-sets.ts";
import type { RawDataset, RawElement } from "./element-reader.ts";
import { datasetBytes, elementHead, LONG_FORM, type WriteCoding } from "./write-part10.ts";

const UNICODE_TEXT = new Set(["LO", "LT", "PN", "SH", "ST", "UC", "UT"]);
const SPACE_PADDED = /^(AE|AS|CS|DA|DS|DT|IS|LO|LT|PN|SH|ST|TM|UC|UR|UT)$/;
const WORDS: Record<string, number> = {
  US: 2,
  SS: 2,
  OW: 2,
  AT: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OL: 4,
  OF: 4,
  FD: 8,
  SV: 8,
  UV: 8,
  OD: 8,
  OV: 8,
};
const UNDEFINED = 0xffffffff;
const CHARACTER_SET = "00080005";
/** The longest value that a length of two bytes holds. */
const SHORT = 0xfffe;

export type Recoding = {
  bytes: Uint8Array;
  to: WriteCoding;
  /** Text is written in UTF-8, whatever it came in. */
  toUnicode: boolean;
};

/** Turns words of a size round; what is left over stays. */
export function swapWords(bytes: Uint8Array, width: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at + width <= copy.length; at += width) copy.subarray(at, at + width).reverse();
  return copy;
}

const storedValue = (element: RawElement, bytes: Uint8Array) =>
  bytes.subarray(element.offset, element.offset + element.length);

const isOfUndefinedLength = (element: RawElement, bytes: Uint8Array, little: boolean) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return element.offset >= 4 && view.getUint32(element.offset - 4, little) === UNDEFINED;
};

function padded(value: Buffer, vr: string): Buffer {
  if (value.length % 2 === 0) return value;
  return Buffer.concat([value, Buffer.from([SPACE_PADDED.test(vr) ? 0x20 : 0])]);
}

export function decodingOf(dataset: RawDataset, bytes: Uint8Array, inherited: TextDecoding): TextDecoding {
  const element = dataset.elements.find(({ tag }) => tag === CHARACTER_SET);
  if (!element) return inherited;
  const terms = new TextDecoder("latin1").decode(storedValue(element, bytes)).split("\\");
  return textDecoding(terms.map((term) => term.replace(/[\s\0]+$/, "").trim()));
}

function recodedValue(element: RawElement, little: boolean, how: Recoding, decoding: TextDecoding): Buffer {
  const { tag, vr } = element;
  const value = storedValue(element, how.bytes);
  if (how.toUnicode && tag === CHARACTER_SET) return Buffer.from("ISO_IR 192");
  if (how.toUnicode && UNICODE_TEXT.has(vr))
    return Buffer.from(decoding.decode(value, vr === "PN" ? "\\^=" : "\\"), "utf8");
  const width = WORDS[vr];
  return width && little !== how.to.little ? swapWords(value, width) : Buffer.from(value);
}

function recodedElement(
  element: RawElement,
  dataset: RawDataset,
  how: Recoding,
  decoding: TextDecoding,
): Buffer {
  const { tag, items, vr } = element;
  if (items) {
    const body = Buffer.concat(
      items.map((item) => {
        const inner = recodedDataset(item, how, decoding);
        return Buffer.concat([
          elementHead("FFFEE000", "", inner.length, { ...how.to, explicit: false }),
          inner,
        ]);
      }),
    );
    return Buffer.concat([elementHead(tag, "SQ", body.length, how.to), body]);
  }
  const value = padded(recodedValue(element, dataset.littleEndian, how, decoding), vr);
  // A value too long for its VR is written as UN. @see DICOM PS3.5 §6.2.2 (note on 64 KB)
  const writtenVr = how.to.explicit && !LONG_FORM.has(vr) && value.length > SHORT ? "UN" : vr;
  return Buffer.concat([elementHead(tag, writtenVr, value.length, how.to), value]);
}

/** Group lengths are retired and no longer true; encapsulated pixels inside an item belong to another transfer syntax. */
const isKept = (element: RawElement, dataset: RawDataset, { bytes }: Recoding) =>
  !element.tag.endsWith("0000") &&
  !(!element.items && isOfUndefinedLength(element, bytes, dataset.littleEndian));

/** A data set in another coding, its values untouched but for byte order and character set. */
export function recodedDataset(dataset: RawDataset, how: Recoding, inherited: TextDecoding): Buffer {
  const decoding = decodingOf(dataset, how.bytes, inherited);
  return Buffer.concat(
    dataset.elements
      .filter((element) => isKept(element, dataset, how))
      .map((element) => recodedElement(element, dataset, how, decoding)),
  );
}

export type Piece = { tag: string; bytes: Buffer };

/** The elements of the outermost level, each in another coding. */
export function recodedPieces(dataset: RawDataset, how: Recoding): Piece[] {
  const decoding = decodingOf(dataset, how.bytes, textDecoding([]));
  return dataset.elements
    .filter((element) => isKept(element, dataset, how))
    .map((element) => ({ tag: element.tag, bytes: recodedElement(element, dataset, how, decoding) }));
}

export const encodedPiece = (
  tag: string,
  attribute: Parameters<typeof datasetBytes>[0][string],
  to: WriteCoding,
) => datasetBytes(attribute ? { [tag]: attribute } : {}, to);
