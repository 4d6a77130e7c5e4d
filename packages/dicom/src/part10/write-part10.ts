import { deflateRawSync } from "node:zlib";
import { DEFLATED, transferSyntaxOf } from "../transfer-syntax.ts";
import type { DicomJson, DicomJsonAttribute, DicomJsonValue, PersonNameJson } from "../types.ts";
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION } from "./implementation.ts";

export const LONG_FORM = new Set([
  "OB",
  "OD",
  "OF",
  "OL",
  "OV",
  "OW",
  "SQ",
  "SV",
  "UC",
  "UN",
  "UR",
  "UT",
  "UV",
]);
const PADDED_WITH_NULL = new Set(["UI", "OB", "OW", "OF", "OD", "OL", "OV", "UN"]);
const UNDEFINED = 0xffffffff;

export type WriteCoding = { little: boolean; explicit: boolean };
type Width = { bytes: number; write(buffer: Buffer, value: number, little: boolean): void };

const WIDTHS: Record<string, Width> = {
  US: {
    bytes: 2,
    write: (buffer, value, little) => (little ? buffer.writeUInt16LE(value) : buffer.writeUInt16BE(value)),
  },
  SS: {
    bytes: 2,
    write: (buffer, value, little) => (little ? buffer.writeInt16LE(value) : buffer.writeInt16BE(value)),
  },
  UL: {
    bytes: 4,
    write: (buffer, value, little) => (little ? buffer.writeUInt32LE(value) : buffer.writeUInt32BE(value)),
  },
  SL: {
    bytes: 4,
    write: (buffer, value, little) => (little ? buffer.writeInt32LE(value) : buffer.writeInt32BE(value)),
  },
  FL: {
    bytes: 4,
    write: (buffer, value, little) => (little ? buffer.writeFloatLE(value) : buffer.writeFloatBE(value)),
  },
  FD: {
    bytes: 8,
    write: (buffer, value, little) => (little ? buffer.writeDoubleLE(value) : buffer.writeDoubleBE(value)),
  },
  UV: {
    bytes: 8,
    write: (buffer, value, little) =>
      little ? buffer.writeBigUInt64LE(BigInt(value)) : buffer.writeBigUInt64BE(BigInt(value)),
  },
  SV: {
    bytes: 8,
    write: (buffer, value, little) =>
      little ? buffer.writeBigInt64LE(BigInt(value)) : buffer.writeBigInt64BE(BigInt(value)),
  },
};

const even = (bytes: Buffer, pad: number): Buffer =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([pad])]);

/** A number of at most 16 characters, as near as they allow. @see DICOM PS3.5 §6.2 (DS) */
function decimal(value: number): string {
  const digits = [17, 16, 15, 14, 13, 12, 11, 10, 9];
  const texts = [String(value), ...digits.map((count) => String(Number(value.toPrecision(count))))];
  return texts.find((text) => text.length <= 16) ?? value.toExponential(8);
}

function shown(value: DicomJsonValue): string {
  if (value === null) return "";
  if (typeof value === "number") return decimal(value);
  if (!(value instanceof Object)) return String(value);
  const { Alphabetic = "", Ideographic = "", Phonetic = "" } = value as PersonNameJson;
  return [Alphabetic, Ideographic, Phonetic].join("=").replace(/=+$/, "");
}

function tagBytes(tag: string, little: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  const [group, element] = [Number.parseInt(tag.slice(0, 4), 16), Number.parseInt(tag.slice(4), 16)];
  if (little) {
    bytes.writeUInt16LE(group, 0);
    bytes.writeUInt16LE(element, 2);
  } else {
    bytes.writeUInt16BE(group, 0);
    bytes.writeUInt16BE(element, 2);
  }
  return bytes;
}

function uint(value: number, bytes: 2 | 4, little: boolean): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (little) buffer.writeUIntLE(value, 0, bytes);
  else buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

export function elementHead(
  tag: string,
  vr: string,
  length: number,
  { little, explicit }: WriteCoding,
): Buffer {
  if (!explicit) return Buffer.concat([tagBytes(tag, little), uint(length, 4, little)]);
  const start = [tagBytes(tag, little), Buffer.from(vr, "latin1")];
  if (LONG_FORM.has(vr)) return Buffer.concat([...start, Buffer.alloc(2), uint(length, 4, little)]);
  if (length > 0xffff) throw new RangeError(`${tag} ${vr} is too long for its VR`);
  return Buffer.concat([...start, uint(length, 2, little)]);
}

function sequence(items: readonly DicomJsonValue[], coding: WriteCoding): Buffer {
  return Buffer.concat(
    items.map((item) => {
      const body = datasetBytes(item as DicomJson, coding);
      return Buffer.concat([tagBytes("FFFEE000", coding.little), uint(body.length, 4, coding.little), body]);
    }),
  );
}

export function valueBytes(attribute: DicomJsonAttribute, coding: WriteCoding): Buffer {
  const { vr, Value = [], InlineBinary, BulkDataURI } = attribute;
  if (BulkDataURI !== undefined) throw new RangeError(`a ${vr} that lies elsewhere can't be written`);
  if (InlineBinary !== undefined) return even(Buffer.from(InlineBinary, "base64"), 0);
  if (vr === "SQ") return sequence(Value, coding);
  if (vr === "AT") return Buffer.concat(Value.map((value) => tagBytes(String(value), coding.little)));
  const width = WIDTHS[vr];
  if (!width)
    return even(Buffer.from(Value.map(shown).join("\\"), "utf8"), PADDED_WITH_NULL.has(vr) ? 0 : 0x20);
  return Buffer.concat(
    Value.map((value) => {
      const buffer = Buffer.alloc(width.bytes);
      width.write(buffer, Number(value), coding.little);
      return buffer;
    }),
  );
}

export function datasetBytes(dataset: DicomJson, coding: WriteCoding): Buffer {
  const tags = Object.keys(dataset).sort();
  return Buffer.concat(
    tags.flatMap((tag) => {
      const attribute = dataset[tag];
      if (!attribute) return [];
      const value = valueBytes(attribute, coding);
      return [elementHead(tag, attribute.vr, value.length, coding), value];
    }),
  );
}

function encapsulated(frames: readonly Uint8Array[], coding: WriteCoding): Buffer {
  const item = (bytes: Uint8Array) => {
    const padded = even(Buffer.from(bytes), 0);
    return Buffer.concat([tagBytes("FFFEE000", true), uint(padded.length, 4, true), padded]);
  };
  const items = frames.map(item);
  const offsets: number[] = [];
  let next = 0;
  for (const { length } of items) {
    offsets.push(next);
    next += length;
  }
  const table = item(Buffer.concat(offsets.map((offset) => uint(offset, 4, true))));
  const end = Buffer.concat([tagBytes("FFFEE0DD", true), uint(0, 4, true)]);
  return Buffer.concat([elementHead("7FE00010", "OB", UNDEFINED, coding), table, ...items, end]);
}

export type Part10Content = {
  /** Text is written as it is, in UTF-8: Specific Character Set (0008,0005) is the caller's to state. */
  dataset: DicomJson;
  /** Native bytes, or one entry a frame for an encapsulated syntax. */
  pixelData?: Uint8Array | readonly Uint8Array[];
  transferSyntaxUid: string;
};

function pixelBytes({ dataset, pixelData }: Part10Content, coding: WriteCoding): Buffer {
  if (pixelData === undefined) return Buffer.alloc(0);
  if (!(pixelData instanceof Uint8Array)) return encapsulated(pixelData, coding);
  const bytes = even(Buffer.from(pixelData), 0);
  const vr = dataset["00280100"]?.Value?.[0] === 8 && coding.explicit ? "OB" : "OW";
  return Buffer.concat([elementHead("7FE00010", vr, bytes.length, coding), bytes]);
}

export type MetaHeader = {
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
  /** Of the system that sent the data set over a network. */
  sourceAeTitle?: string;
};

const META_CODING: WriteCoding = { little: true, explicit: true };

/**
 * Zero preamble, prefix and file meta information: what stands before a data set in a Part 10 file.
 *
 * @see DICOM PS3.10 §7.1
 */
export function writeMetaHeader(header: MetaHeader): Uint8Array {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid, sourceAeTitle } = header;
  const meta = datasetBytes(
    {
      "00020001": { vr: "OB", InlineBinary: "AAE=" },
      "00020002": { vr: "UI", Value: [sopClassUid] },
      "00020003": { vr: "UI", Value: [sopInstanceUid] },
      "00020010": { vr: "UI", Value: [transferSyntaxUid] },
      "00020012": { vr: "UI", Value: [IMPLEMENTATION_CLASS_UID] },
      "00020013": { vr: "SH", Value: [IMPLEMENTATION_VERSION] },
      ...(sourceAeTitle ? { "00020016": { vr: "AE", Value: [sourceAeTitle] } } : {}),
    },
    META_CODING,
  );
  const group = datasetBytes({ "00020000": { vr: "UL", Value: [meta.length] } }, META_CODING);
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), group, meta]);
}

/** A data set alone, as a network carries it. @throws {RangeError} as {@link writePart10} */
export function writeDataset(dataset: DicomJson, transferSyntaxUid: string): Uint8Array {
  const { byteOrder, explicitVr } = transferSyntaxOf(transferSyntaxUid);
  return datasetBytes(dataset, { little: byteOrder === "little", explicit: explicitVr });
}

/**
 * A Part 10 file: zero preamble, file meta information, data set, pixel data. Native 16-bit pixels are the caller's in the
 * byte order of the syntax.
 *
 * @throws {RangeError} for a value too long for its VR, and for one that is only referred to
 * @see DICOM PS3.10 §7.1
 */
export function writePart10(content: Part10Content): Uint8Array {
  const { dataset, transferSyntaxUid } = content;
  const syntax = transferSyntaxOf(transferSyntaxUid);
  const coding = { little: syntax.byteOrder === "little", explicit: syntax.explicitVr };
  const meta = writeMetaHeader({
    sopClassUid: String(dataset["00080016"]?.Value?.[0] ?? ""),
    sopInstanceUid: String(dataset["00080018"]?.Value?.[0] ?? ""),
    transferSyntaxUid,
  });
  const body = Buffer.concat([datasetBytes(dataset, coding), pixelBytes(content, coding)]);
  return Buffer.concat([meta, transferSyntaxUid === DEFLATED ? deflateRawSync(body) : body]);
}
