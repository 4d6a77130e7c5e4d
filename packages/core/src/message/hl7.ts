import "./web-socket-for-parser.ts";
import { createHash } from "node:crypto";
import { Hl7Message, type Hl7Segment } from "@medplum/core";
import { WealdError } from "../kernel/index.ts";

/** A message that can't be taken in. The sentence is for the PACS manager: no value of the message is in it. */
export class Hl7Refused extends WealdError {
  readonly kind = "invalid";
  readonly code: string;
  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

const MOST_BYTES = 1_000_000;

/** HL7 v2 files come with CR, LF or CRLF, and some in an MLLP frame. NUL pads some, and no database keeps it. */
const clean = (text: string) =>
  text
    .replaceAll("\u0000", "")
    .replace(/^[\u000b\ufeff\s]+/, "")
    .replace(/[\u001c\s]+$/, "")
    .replace(/\r\n?|\n/g, "\r");

function decode(bytes: Uint8Array): string {
  const latin = new TextDecoder("latin1").decode(bytes.subarray(0, 1000));
  const declared = latin.split(/[\r\n]/)[0]?.split("|")[17] ?? "";
  const isUtf8 = /UTF-?8|UNICODE/i.test(declared);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    if (isUtf8)
      throw new Hl7Refused(
        "HL7_CHARACTER_SET",
        "The message says UTF-8 and is not. Send it again from its source.",
      );
    return new TextDecoder("latin1").decode(bytes);
  }
}

/** @throws {Hl7Refused} `HL7_MALFORMED`, `HL7_TOO_LARGE`, `HL7_CHARACTER_SET` */
export function parseHl7(bytes: Uint8Array): Hl7Message {
  if (bytes.length > MOST_BYTES) throw new Hl7Refused("HL7_TOO_LARGE", "The message is larger than 1 MB.");
  const text = clean(decode(bytes));
  if (!/^MSH.{4,5}/.test(text))
    throw new Hl7Refused("HL7_MALFORMED", "The file is no HL7 v2 message: it does not begin with MSH.");
  return Hl7Message.parse(text);
}

/** The same for the same message, whatever ends its lines and whatever frame it came in. */
export const digestOf = (bytes: Uint8Array): string =>
  createHash("sha256")
    .update(clean(decode(bytes)))
    .digest("hex");

const ESCAPES: Record<string, string> = { F: "|", S: "^", T: "&", R: "~", E: "\\", ".br": "\n", ".sp": "\n" };

/** @see HL7 v2.5.1 chapter 2.7 (use of escape sequences) */
export const unescapeHl7 = (text: string): string =>
  text
    .replace(/\\(F|S|T|R|E|\.br|\.sp)\\/g, (_whole, code: string) => ESCAPES[code] ?? "")
    .replace(/\\[HN]\\/g, "");

/** Field `field`, component `component` (both from 1), or `undefined` where empty. `""` in HL7 means "delete": empty too. */
export function part(
  segment: Hl7Segment | undefined,
  field: number,
  component = 1,
  repetition = 0,
): string | undefined {
  const text = segment?.getComponent(field, component, undefined, repetition);
  return text && text !== '""' ? unescapeHl7(text).trim() : undefined;
}

export const repetitions = (segment: Hl7Segment | undefined, field: number): number => {
  const text = segment?.getField(field)?.toString() ?? "";
  return text === "" ? 0 : text.split("~").length;
};

/** As `part`, where it matters that a field was emptied on purpose: `null` for `""`, `undefined` where nothing is said. */
export function statedPart(
  segment: Hl7Segment | undefined,
  field: number,
  component = 1,
): string | null | undefined {
  const whole = segment?.getField(field)?.toString();
  if (whole === '""' || segment?.getComponent(field, component) === '""') return null;
  return part(segment, field, component);
}
