import iconv from "iconv-lite";

/** Single-byte and whole-stream character sets, by Specific Character Set (0008,0005). @see DICOM PS3.3 §C.12.1.1.2 */
const SINGLE: Record<string, string> = {
  "": "latin1",
  "ISO_IR 6": "latin1",
  "ISO_IR 100": "iso-8859-1",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 148": "iso-8859-9",
  "ISO_IR 203": "iso-8859-15",
  "ISO_IR 166": "tis620",
  "ISO_IR 13": "shift_jis",
  "ISO_IR 192": "utf8",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** What an escape sequence selects for G0 (bytes below 0x80) or G1 (above). @see DICOM PS3.3 tables C.12-3 and C.12-4 */
type Selection = { half: "g0" | "g1"; set: string };
const ESCAPES: Record<string, Selection> = {
  "(B": { half: "g0", set: "ascii" },
  "(J": { half: "g0", set: "ascii" },
  ")I": { half: "g1", set: "shift_jis" },
  "-A": { half: "g1", set: "iso-8859-1" },
  "-B": { half: "g1", set: "iso-8859-2" },
  "-C": { half: "g1", set: "iso-8859-3" },
  "-D": { half: "g1", set: "iso-8859-4" },
  "-L": { half: "g1", set: "iso-8859-5" },
  "-G": { half: "g1", set: "iso-8859-6" },
  "-F": { half: "g1", set: "iso-8859-7" },
  "-H": { half: "g1", set: "iso-8859-8" },
  "-M": { half: "g1", set: "iso-8859-9" },
  "-b": { half: "g1", set: "iso-8859-15" },
  "-T": { half: "g1", set: "tis620" },
  $B: { half: "g0", set: "jis0208" },
  "$(D": { half: "g0", set: "jis0212" },
  "$)C": { half: "g1", set: "euc-kr" },
  "$)A": { half: "g1", set: "gb2312" },
};

const ESC = 0x1b;

export type TextDecoding = {
  decode(bytes: Uint8Array, delimiters: string): string;
  /** The named character set isn't one that we know: bytes were taken as Latin-1. */
  isUnknown: boolean;
};

/** Sets that only escape sequences select, and the plain one that they go back to. */
const ESCAPED_TERMS = new Set([
  "ISO 2022 IR 6",
  "ISO 2022 IR 58",
  "ISO 2022 IR 87",
  "ISO 2022 IR 149",
  "ISO 2022 IR 159",
]);

const extendedTerm = (term: string) => term.replace(/^ISO_IR /, "ISO 2022 IR ");

/** The defined terms of Specific Character Set that are known, without and with code extensions. */
export const characterSetTerms: { plain: readonly string[]; extended: readonly string[] } = {
  plain: Object.keys(SINGLE).filter((term) => term !== ""),
  extended: [
    ...Object.keys(SINGLE)
      .filter((term) => /^ISO_IR (?!6$|192$)/.test(term))
      .map(extendedTerm),
    ...ESCAPED_TERMS,
  ],
};

const codecOf = (term: string): string | undefined => SINGLE[term.replace(/^ISO 2022 IR /, "ISO_IR ").trim()];

/** JIS X 0208 in G0 is EUC-JP with the high bits set; JIS X 0212 wants EUC's third code set. */
function decodeDouble(bytes: Uint8Array, set: string): string {
  const high = Uint8Array.from(bytes, (byte) => byte | 0x80);
  if (set === "jis0208") return iconv.decode(Buffer.from(high), "euc-jp");
  const pairs = Array.from({ length: Math.floor(high.length / 2) }, (_, index) => [
    0x8f,
    high[2 * index] ?? 0,
    high[2 * index + 1] ?? 0,
  ]);
  return iconv.decode(Buffer.from(pairs.flat()), "euc-jp");
}

/** A character of a double-byte set at a time, as hostile text switches, costs a conversion each: they are few, and kept. */
const oneCharacter = new Map<string, string>();

function decodeDoubleKept(bytes: Uint8Array, set: string): string {
  if (bytes.length !== 2) return decodeDouble(bytes, set);
  const key = `${set} ${bytes[0]} ${bytes[1]}`;
  const known = oneCharacter.get(key);
  if (known !== undefined) return known;
  const text = decodeDouble(bytes, set);
  oneCharacter.set(key, text);
  return text;
}

type State = { g0: string; g1: string };

function decodeRun(run: Uint8Array, state: State): string {
  if (run.length === 0) return "";
  if (state.g0.startsWith("jis")) return decodeDoubleKept(run, state.g0);
  const bytes = Buffer.from(run.buffer, run.byteOffset, run.byteLength);
  return iconv.decode(bytes, state.g1 === "ascii" ? "latin1" : state.g1);
}

/** The longest escape sequence that begins behind the ESC at `at`. */
function escapeAt(bytes: Uint8Array, at: number): { length: number; selection: Selection } | undefined {
  const three = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
  const long = ESCAPES[three];
  if (long) return { length: 3, selection: long };
  const short = ESCAPES[three.slice(0, 2)];
  return short && { length: 2, selection: short };
}

/** Code extensions: escape sequences switch, delimiters and line ends switch back. @see DICOM PS3.5 §6.1.2.5.3 */
function decodeExtended(bytes: Uint8Array, initial: string, delimiters: string): string {
  const resets = new Set([...delimiters, "\r", "\n", "\f", "\t"].map((letter) => letter.charCodeAt(0)));
  const start: State = { g0: "ascii", g1: initial };
  let state = start;
  let text = "";
  let from = 0;
  const flush = (to: number) => {
    text += decodeRun(bytes.subarray(from, to), state);
    from = to;
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === ESC) {
      flush(at);
      const found = escapeAt(bytes, at);
      if (found) state = { ...state, [found.selection.half]: found.selection.set };
      at += found?.length ?? 0;
      from = at + 1;
    } else if (state !== start && resets.has(byte) && !state.g0.startsWith("jis")) {
      flush(at);
      state = start;
    }
  }
  flush(bytes.length);
  return text;
}

/** How to decode text of a data set that names these character sets. */
export function textDecoding(terms: readonly string[]): TextDecoding {
  const [first = ""] = terms;
  const codec = codecOf(first);
  const isUnknown = terms.some(
    (term) => term !== "" && codecOf(term) === undefined && !ESCAPED_TERMS.has(term),
  );
  const isExtended = terms.length > 1 || first.startsWith("ISO 2022");
  return {
    isUnknown,
    decode(bytes, delimiters) {
      if (isExtended || bytes.includes(ESC)) return decodeExtended(bytes, codec ?? "latin1", delimiters);
      return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), codec ?? "latin1", {
        stripBOM: false,
      });
    },
  };
}
