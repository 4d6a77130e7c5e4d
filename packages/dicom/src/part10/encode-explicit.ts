import type { DicomJson, DicomJsonAttribute, DicomJsonValue, PersonNameJson } from "../types.ts";

/** Explicit VR Little Endian for small data sets, also in a browser: nothing here is of Node. */
const LONG_FORM = new Set(["OB", "SQ", "UN", "UT", "UC", "UR"]);
/** Says nothing that a small data set is made for. */
const LEFT_OUT = new Set([
  "AT",
  "FD",
  "FL",
  "OB",
  "OD",
  "OF",
  "OL",
  "OV",
  "OW",
  "SL",
  "SS",
  "SV",
  "UN",
  "UV",
]);
const TEXT = new TextEncoder();

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** 16 and 32 bits, little endian, as `[value, bytes]` says. */
export function uints(...values: [value: number, bytes: 2 | 4][]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

const tagOf = (tag: string): [number, 2][] => [
  [Number.parseInt(tag.slice(0, 4), 16), 2],
  [Number.parseInt(tag.slice(4), 16), 2],
];

/** @throws {RangeError} for a value too long for its VR */
export function element(tag: string, vr: string, value: Uint8Array): Uint8Array {
  const start = [uints(...tagOf(tag)), TEXT.encode(vr)];
  if (LONG_FORM.has(vr)) return joined([...start, uints([0, 2], [value.length, 4]), value]);
  if (value.length > 0xffff) throw new RangeError(`${tag} ${vr} is too long for its VR`);
  return joined([...start, uints([value.length, 2]), value]);
}

export const item = (body: Uint8Array): Uint8Array =>
  joined([uints([0xfffe, 2], [0xe000, 2], [body.length, 4]), body]);

function shown(value: DicomJsonValue): string {
  if (value === null) return "";
  if (!(value instanceof Object)) return String(value);
  const { Alphabetic = "", Ideographic = "", Phonetic = "" } = value as PersonNameJson;
  return [Alphabetic, Ideographic, Phonetic].join("=").replace(/=+$/, "");
}

export function textValue(values: readonly DicomJsonValue[], pad: " " | "\0"): Uint8Array {
  const bytes = TEXT.encode(values.map(shown).join("\\"));
  return bytes.length % 2 === 0 ? bytes : joined([bytes, TEXT.encode(pad)]);
}

function encodedValue({ vr, Value = [] }: DicomJsonAttribute): Uint8Array {
  if (vr === "SQ") return joined(Value.map((one) => item(encodeExplicit(one as DicomJson))));
  if (vr === "US") return uints(...Value.map((one): [number, 2] => [Number(one), 2]));
  if (vr === "UL") return uints(...Value.map((one): [number, 4] => [Number(one), 4]));
  return textValue(Value, vr === "UI" ? "\0" : " ");
}

/**
 * Text, UIDs, unsigned whole numbers and sequences of them, in UTF-8; other values are left out.
 *
 * @throws {RangeError} for a value too long for its VR
 */
export function encodeExplicit(dataset: DicomJson): Uint8Array {
  const tags = Object.keys(dataset).sort();
  return joined(
    tags.flatMap((tag) => {
      const attribute = dataset[tag];
      return attribute && !LEFT_OUT.has(attribute.vr)
        ? [element(tag, attribute.vr, encodedValue(attribute))]
        : [];
    }),
  );
}
