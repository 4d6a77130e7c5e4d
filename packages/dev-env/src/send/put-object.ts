import { SendRefused, type SignedFile } from "./api.ts";
import type { Source } from "./sources.ts";

export type SignedSource = { signed: SignedFile; source: Source };

/** The object store said no. */
export class ObjectRefused extends Error {
  readonly code: string;
  readonly status: number;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Nothing of the file moved for so long. */
export class Stalled extends Error {
  readonly code = "STALLED";
}

const PASSING = new Set([408, 429]);

const SENTENCE_OF: Record<string, string> = {
  DISK_LOW: "the region's disk is nearly full. Free some there and send it again.",
  SIZE_NOT_AS_SIGNED: "the file has changed while it was sent. Send it again.",
};

/** Does waiting help? The network is away, or what answers is ill or just starting. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ObjectRefused || error instanceof SendRefused)
    return error.status >= 500 || PASSING.has(error.status);
  if (error instanceof Stalled) return true;
  // What `fetch` throws when nobody answers, or when the line breaks.
  return error instanceof TypeError && (error.message === "fetch failed" || error.message === "terminated");
}

async function bodyOf(source: Source): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  try {
    return await source.read();
  } catch {
    throw new ObjectRefused(0, "FILE_UNREADABLE", "the file can't be read any more. Send it again.");
  }
}

type Body = Uint8Array | ReadableStream<Uint8Array>;

/** The same bytes; says of each piece that it went. */
function watched(body: Body, onPiece: () => void): Body {
  if (body instanceof Uint8Array) return body;
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      onPiece();
      controller.enqueue(piece);
    },
  });
  return body.pipeThrough(watch);
}

export type PutOptions = { timeoutMs: number; signal?: AbortSignal | undefined };

/**
 * One try. Keys are written once: 412 says that an earlier try had arrived after all.
 *
 * @throws {ObjectRefused} with the store's code
 * @throws {Stalled} `STALLED` when no byte has moved for `timeoutMs`
 */
export async function putObject({ signed, source }: SignedSource, options: PutOptions): Promise<void> {
  const still = new AbortController();
  const timer = setTimeout(() => still.abort(new Stalled("no byte has moved")), options.timeoutMs);
  const body = watched(await bodyOf(source), () => timer.refresh());
  const request: RequestInit & { duplex: "half" } = {
    method: "PUT",
    headers: { ...signed.put.headers, "content-length": String(source.sizeBytes) },
    // Node's types and the browser's name the same thing otherwise.
    body: body as NonNullable<RequestInit["body"]>,
    duplex: "half",
    signal: options.signal ? AbortSignal.any([still.signal, options.signal]) : still.signal,
  };
  try {
    const answer = await fetch(signed.put.url, request);
    const said = (await answer.text()).trim();
    if (answer.ok || answer.status === 412) return;
    const code = /^[A-Z][A-Z_]{2,40}$/.test(said) ? said : "PUT_REFUSED";
    const sentence = SENTENCE_OF[code] ?? `the object store answered ${answer.status}.`;
    throw new ObjectRefused(answer.status, code, sentence);
  } finally {
    clearTimeout(timer);
  }
}
