import { DicomError } from "../errors.ts";

const MOST_HEADER_BYTES = 16 * 1024;
/** RFC 2046 lets gateways pad a delimiter line; more than this is no padding. */
const MOST_PADDING = 256;
const MOST_BOUNDARY = 200;
const [TAB, LF, CR, SPACE, DASH] = [9, 10, 13, 32, 45];

const malformed = (what: string) =>
  new DicomError("MULTIPART_MALFORMED", `The request's parts can't be told apart: ${what}.`);
const truncated = () =>
  new DicomError(
    "MULTIPART_TRUNCATED",
    "The request ended before its last boundary, so something is missing. Send it again.",
  );

/** One part: its header fields with names in lower case, and its bytes, which are read once and before the next part. */
export type Part = { headers: ReadonlyMap<string, string>; body: AsyncIterable<Uint8Array> };

type Tail = { is: "next" | "close"; end: number; isCrlf: boolean } | { is: "more" | "none" };

/** What follows `--boundary` at `at`: the end of a delimiter line, the close mark, or something else of the part's bytes. */
function tailAt(held: Buffer, at: number, isEnded: boolean): Tail {
  const short: Tail = { is: isEnded ? "none" : "more" };
  if (held[at] === DASH && held.length > at + 1 && held[at + 1] !== DASH) return { is: "none" };
  const isClose = held[at] === DASH && held[at + 1] === DASH;
  if (held[at] === DASH && !isClose) return short;
  let end = isClose ? at + 2 : at;
  while (held[end] === SPACE || held[end] === TAB) end += 1;
  if (end - at > MOST_PADDING) return { is: "none" };
  const is = isClose ? "close" : "next";
  if (end >= held.length) return isEnded && isClose ? { is, end, isCrlf: false } : short;
  if (held[end] === LF) return { is, end: end + 1, isCrlf: false };
  if (held[end] !== CR) return { is: "none" };
  if (end + 1 >= held.length) return isEnded && isClose ? { is, end, isCrlf: false } : short;
  return held[end + 1] === LF ? { is, end: end + 2, isCrlf: true } : { is: "none" };
}

type Step = { bytes: Uint8Array; ended: "next" | "close" | undefined };

class Reader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #mark: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #isEnded = false;
  /** Nothing of the present section has been given out: a delimiter may stand here without a line break before it. */
  #isFresh = true;
  /** How the first delimiter line ended: with LF alone, a CR before a delimiter is a byte of the part. */
  #isCrlf: boolean | undefined;

  constructor(source: AsyncIterable<Uint8Array>, boundary: string) {
    this.#source = source[Symbol.asyncIterator]();
    this.#mark = Buffer.from(`--${boundary}`, "latin1");
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done) this.#isEnded = true;
    else this.#held = Buffer.concat([this.#held, next.value]);
  }

  #take(length: number): Uint8Array {
    const bytes = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    if (length > 0) this.#isFresh = false;
    return bytes;
  }

  /** Where the next `--boundary` stands at the beginning of a line, with what follows it. */
  #find(): { at: number; tail: Tail } | undefined {
    for (let at = this.#held.indexOf(this.#mark); at >= 0; at = this.#held.indexOf(this.#mark, at + 1)) {
      const startsLine = at === 0 ? this.#isFresh : this.#held[at - 1] === LF;
      const tail: Tail = startsLine
        ? tailAt(this.#held, at + this.#mark.length, this.#isEnded)
        : { is: "none" };
      if (tail.is !== "none") return { at, tail };
    }
    return undefined;
  }

  /** The line break before a delimiter belongs to the delimiter. */
  #endBefore(at: number): number {
    if (at === 0) return 0;
    const isCrlf = this.#isCrlf !== false && at >= 2 && this.#held[at - 2] === CR;
    return isCrlf ? at - 2 : at - 1;
  }

  /** The next bytes of this section, or its end. */
  async #step(): Promise<Step> {
    for (;;) {
      const found = this.#find();
      if (found && (found.tail.is === "next" || found.tail.is === "close")) {
        const { at, tail } = found;
        const bytes = this.#held.subarray(0, this.#endBefore(at));
        this.#isCrlf ??= tail.isCrlf;
        this.#held = this.#held.subarray(tail.end);
        this.#isFresh = true;
        return { bytes, ended: tail.is };
      }
      // A delimiter may begin in what is held back: its line break, and the mark but for its last byte.
      const free = found ? found.at - 2 : this.#held.length - (this.#mark.length + 1);
      if (free > 0) return { bytes: this.#take(free), ended: undefined };
      if (this.#isEnded) throw truncated();
      await this.#more();
    }
  }

  async *#section(onEnd: (ended: "next" | "close") => void): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { bytes, ended } = await this.#step();
      if (ended) onEnd(ended);
      if (bytes.length > 0) yield bytes;
      if (ended) return;
    }
  }

  async #line(): Promise<string> {
    let at = this.#held.indexOf(LF);
    while (at < 0) {
      if (this.#held.length > MOST_HEADER_BYTES) throw malformed("a part's header is too long");
      if (this.#isEnded) throw truncated();
      await this.#more();
      at = this.#held.indexOf(LF);
    }
    const line = this.#held.subarray(0, at).toString("latin1");
    this.#held = this.#held.subarray(at + 1);
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }

  /** A line that begins with white space goes on with the one before it. @see RFC 5322 §2.2.3 */
  async #headers(): Promise<Map<string, string>> {
    const lines: string[] = [];
    let size = 0;
    for (let line = await this.#line(); line !== ""; line = await this.#line()) {
      size += line.length + 2;
      if (size > MOST_HEADER_BYTES) throw malformed("a part's header is too long");
      if (/^[ \t]/.test(line)) lines.push(`${lines.pop() ?? ""} ${line.trim()}`);
      else lines.push(line);
    }
    return fieldsOf(lines);
  }

  async *parts(): AsyncGenerator<Part> {
    let state: "open" | "next" | "close" = "open";
    const onEnd = (ended: "next" | "close") => {
      state = ended;
    };
    const isOver = () => state === "close";
    for await (const _preamble of this.#section(onEnd));
    while (!isOver()) {
      const headers = await this.#headers();
      this.#isFresh = true;
      state = "open";
      const body = this.#section(onEnd);
      yield { headers, body };
      // What nobody read is passed over.
      while (!(await body.next()).done);
      if (state === "open") for await (const _rest of this.#section(onEnd));
    }
    while (!this.#isEnded) {
      this.#held = Buffer.alloc(0);
      await this.#more();
    }
  }
}

function fieldsOf(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*:(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) throw malformed("a part's header can't be read");
    const known = fields.get(name.toLowerCase());
    fields.set(name.toLowerCase(), known === undefined ? value.trim() : `${known}, ${value.trim()}`);
  }
  return fields;
}

/**
 * The parts of a multipart body, one after another, in bounded memory: a chunk, a delimiter and at most 16 KB of part
 * headers are held. Line breaks may be CRLF or LF alone (then a CR before a delimiter is a byte of the part); delimiters may
 * be padded; preamble and epilogue are passed over.
 *
 * Own code: dicer is unmaintained since 2022, busboy and @remix-run/multipart-parser are for forms, and all of them lose or
 * refuse LF-only bodies, padded delimiters and folded headers, which real senders make.
 *
 * @param body - Chunks of any size. A part's bytes are views into them.
 * @param boundary - As in the Content-Type, without its dashes.
 * @throws {DicomError} `MULTIPART_TRUNCATED` without a last boundary, `MULTIPART_MALFORMED`
 * @see RFC 2046 §5.1.1 (grammar), RFC 2387 (multipart/related)
 */
export function readMultipart(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  if (boundary.length === 0 || boundary.length > MOST_BOUNDARY)
    throw malformed("the Content-Type names no usable boundary");
  return new Reader(body, boundary).parts();
}
