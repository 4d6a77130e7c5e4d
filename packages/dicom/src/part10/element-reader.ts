import { isSignedByPixels, vrOf } from "../dataset/dictionary.ts";
import { refusals } from "../errors.ts";
import type { Deviation } from "../types.ts";

// Why no library: dicom-parser 1.8 reads OV, SV and UV (Extended Offset Table) with a wrong length field and recurses
// without bound; dcmjs keeps no byte offsets and wants the whole file in memory. docs/adr/0005.

/** One element as it lies in the bytes. `items` only for sequences. */
export type RawElement = { tag: string; vr: string; offset: number; length: number; items?: RawDataset[] };
/** A data set carries its own byte order: a UN of undefined length is little endian whatever stands around it. */
export type RawDataset = { elements: RawElement[]; littleEndian: boolean };

export type Coding = { littleEndian: boolean; explicitVr: boolean };

/** The header goes on behind the bytes that are here. */
export class NeedMore extends Error {}

const UNDEFINED = 0xffffffff;
const MOST_LEVELS = 64;
const MOST_ELEMENTS = 200_000;
const LONG_FORM = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const ITEM = "FFFEE000";
const ITEM_END = "FFFEE00D";
const SEQUENCE_END = "FFFEE0DD";

export const PIXEL_TAGS = new Set(["7FE00010", "7FE00008", "7FE00009"]);

/** Where pixel data begin, and how long they say they are (`undefined`: encapsulated). */
export type PixelStart = { tag: string; vr: string; offset: number; length: number | undefined };

export type Header = {
  dataset: RawDataset;
  pixels: PixelStart | undefined;
  end: number;
  deviations: Deviation[];
};

type Cursor = { position: number };

export class ElementReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #coding: Coding;
  readonly #isWhole: boolean;
  readonly #deviations = new Map<string, Deviation>();
  #read = 0;
  /** Pixel Representation (0028,0103) as last stated: 1 makes US-or-SS elements signed. */
  #isSigned = false;

  /** `isWhole`: the bytes end where the file does; else running off their end means that more is needed. */
  constructor(bytes: Uint8Array, coding: Coding, isWhole: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#coding = coding;
    this.#isWhole = isWhole;
  }

  /** The data set from `start` to its pixel data or its end. */
  readHeader(start: number): Header {
    const at = { position: start };
    const elements: RawElement[] = [];
    while (at.position < this.#bytes.length) {
      const element = this.#readHead(at, this.#coding, this.#bytes.length);
      if (PIXEL_TAGS.has(element.tag)) {
        const length = element.length === UNDEFINED ? undefined : element.length;
        return this.#header(
          elements,
          { tag: element.tag, vr: element.vr, offset: at.position, length },
          at.position,
        );
      }
      this.#readValue(at, element, this.#coding, 0, this.#bytes.length);
      elements.push(element);
    }
    if (!this.#isWhole) throw new NeedMore();
    return this.#header(elements, undefined, at.position);
  }

  /** The elements from `start` up to and with `lastTag`, and nothing behind it. */
  readUpTo(start: number, lastTag: string): RawDataset {
    const at = { position: start };
    const elements: RawElement[] = [];
    for (;;) {
      if (at.position >= this.#bytes.length && this.#isWhole) break;
      const element = this.#readHead(at, this.#coding, this.#bytes.length);
      if (element.tag > lastTag) break;
      this.#readValue(at, element, this.#coding, 0, this.#bytes.length);
      elements.push(element);
    }
    return { elements, littleEndian: this.#coding.littleEndian };
  }

  /** File meta information: group 2, explicit little endian, until another group begins. */
  readMeta(start: number): { dataset: RawDataset; end: number } {
    const at = { position: start };
    const elements: RawElement[] = [];
    while (at.position + 8 <= this.#bytes.length && this.#view.getUint16(at.position, true) === 2) {
      const element = this.#readHead(at, this.#coding, this.#bytes.length);
      this.#readValue(at, element, this.#coding, 0, this.#bytes.length);
      elements.push(element);
    }
    if (at.position + 8 > this.#bytes.length && !this.#isWhole) throw new NeedMore();
    return { dataset: { elements, littleEndian: true }, end: at.position };
  }

  #header(elements: RawElement[], pixels: PixelStart | undefined, end: number): Header {
    const dataset = { elements, littleEndian: this.#coding.littleEndian };
    return { dataset, pixels, end, deviations: [...this.#deviations.values()] };
  }

  #deviate(code: string, message: string): void {
    this.#deviations.set(code, { code, message });
  }

  /** `limit` is where the enclosing item or sequence ends: nothing of the inside may lie behind it. */
  #need(at: Cursor, bytes: number, limit: number): void {
    if (at.position + bytes <= Math.min(limit, this.#bytes.length)) return;
    if (this.#isWhole || limit < this.#bytes.length) throw refusals.truncated();
    throw new NeedMore();
  }

  /** An inside without end mark, in something that has a length: it ends where that does. */
  #endsHere(at: Cursor, limit: number): boolean {
    if (at.position < limit) return false;
    return this.#isWhole || limit < this.#bytes.length;
  }

  #readTag(at: Cursor, littleEndian: boolean): string {
    const group = this.#view.getUint16(at.position, littleEndian);
    const element = this.#view.getUint16(at.position + 2, littleEndian);
    return (group * 65536 + element).toString(16).toUpperCase().padStart(8, "0");
  }

  #readHead(at: Cursor, coding: Coding, limit: number): RawElement {
    this.#read += 1;
    if (this.#read > MOST_ELEMENTS) throw refusals.tooManyElements();
    this.#need(at, 8, limit);
    const tag = this.#readTag(at, coding.littleEndian);
    const stated = String.fromCharCode(this.#bytes[at.position + 4] ?? 0, this.#bytes[at.position + 5] ?? 0);
    const isItem = tag.startsWith("FFFE");
    const hasVr = coding.explicitVr && !isItem && /^[A-Z]{2}$/.test(stated);
    if (coding.explicitVr && !isItem && !hasVr)
      this.#deviate("VR_INVALID", "An element states no valid VR; it was read as implicit.");
    if (!hasVr) {
      const length = this.#view.getUint32(at.position + 4, coding.littleEndian);
      at.position += 8;
      return { tag, vr: isItem ? "" : this.#vrByDictionary(tag), offset: at.position, length };
    }
    if (!LONG_FORM.has(stated)) {
      const length = this.#view.getUint16(at.position + 6, coding.littleEndian);
      at.position += 8;
      return { tag, vr: stated, offset: at.position, length };
    }
    this.#need(at, 12, limit);
    const length = this.#view.getUint32(at.position + 8, coding.littleEndian);
    at.position += 12;
    return { tag, vr: stated, offset: at.position, length };
  }

  /** @see DICOM PS3.5 §A.1 (US or SS by Pixel Representation) */
  #vrByDictionary(tag: string): string {
    return this.#isSigned && isSignedByPixels(tag) ? "SS" : vrOf(tag);
  }

  /** Old drafts gave some tags another meaning: what the dictionary calls a sequence may be a plain value. */
  #settleVr(at: Cursor, element: RawElement, coding: Coding, limit: number): void {
    if (element.vr !== "SQ" || coding.explicitVr) return;
    if (element.length === UNDEFINED || element.length === 0) return;
    this.#need(at, Math.min(4, element.length), limit);
    if (element.length >= 8 && this.#readTag(at, coding.littleEndian) === ITEM) return;
    element.vr = "UN";
    this.#deviate("SEQUENCE_WITHOUT_ITEMS", "An element that should be a sequence holds a plain value.");
  }

  #readValue(at: Cursor, element: RawElement, coding: Coding, level: number, limit: number): void {
    const isUndefined = element.length === UNDEFINED;
    this.#settleVr(at, element, coding, limit);
    if (element.vr === "SQ" || (isUndefined && !PIXEL_TAGS.has(element.tag))) {
      // UN of undefined length holds implicit little endian. @see DICOM PS3.5 §6.2.2 note 4
      const inner =
        element.vr === "UN" && coding.explicitVr ? { littleEndian: true, explicitVr: false } : coding;
      element.vr = "SQ";
      element.items = this.#readItems(at, element, inner, level, limit);
      element.length = at.position - element.offset;
      return;
    }
    if (isUndefined) {
      this.#skipFragments(at, element, coding, limit);
      return;
    }
    if (element.length % 2 === 1) this.#deviate("ODD_LENGTH", "An element has an odd length.");
    this.#need(at, element.length, limit);
    if (element.tag === "00280103" && element.length === 2)
      this.#isSigned = this.#view.getUint16(at.position, coding.littleEndian) === 1;
    at.position += element.length;
  }

  #readItems(at: Cursor, sequence: RawElement, coding: Coding, level: number, limit: number): RawDataset[] {
    const isUndefined = sequence.length === UNDEFINED;
    const end = isUndefined ? limit : at.position + sequence.length;
    if (!isUndefined) this.#need(at, sequence.length, limit);
    const items: RawDataset[] = [];
    while (isUndefined || at.position < end) {
      if (isUndefined && this.#endsHere(at, end)) {
        this.#deviate("SEQUENCE_NOT_ENDED", "A sequence has no end.");
        return items;
      }
      const item = this.#readHead(at, coding, end);
      if (item.tag === SEQUENCE_END) return items;
      if (item.tag !== ITEM) throw refusals.malformed("something else than an item in a sequence");
      items.push(this.#readItem(at, item, coding, level + 1, end));
    }
    return items;
  }

  #readItem(at: Cursor, item: RawElement, coding: Coding, level: number, limit: number): RawDataset {
    if (level > MOST_LEVELS) throw refusals.nesting();
    const isUndefined = item.length === UNDEFINED;
    if (!isUndefined) this.#need(at, item.length, limit);
    const end = isUndefined ? limit : at.position + item.length;
    const elements: RawElement[] = [];
    while (isUndefined || at.position < end) {
      if (isUndefined && this.#endsHere(at, end)) {
        this.#deviate("ITEM_NOT_ENDED", "An item of a sequence has no end.");
        break;
      }
      const element = this.#readHead(at, coding, end);
      if (element.tag === ITEM_END) break;
      if (element.tag === SEQUENCE_END) throw refusals.malformed("a sequence that ends inside an item");
      this.#readValue(at, element, coding, level, end);
      elements.push(element);
    }
    return { elements, littleEndian: coding.littleEndian };
  }

  /** Encapsulated pixels inside a sequence (an icon): passed over. */
  #skipFragments(at: Cursor, element: RawElement, coding: Coding, limit: number): void {
    for (;;) {
      const item = this.#readHead(at, { ...coding, explicitVr: false }, limit);
      if (item.tag === SEQUENCE_END) break;
      if (item.tag !== ITEM || item.length === UNDEFINED) throw refusals.malformed("a broken fragment");
      this.#need(at, item.length, limit);
      at.position += item.length;
    }
    element.length = at.position - element.offset;
  }
}
