import { randomBytes } from "node:crypto";

/** One part of a multipart/related body. `headers` by their names as they are to be written. */
export type PartOut = {
  headers: Readonly<Record<string, string>>;
  body: Uint8Array | AsyncIterable<Uint8Array>;
};

/** 128 random bits: no image that lies in an archive already can hold it. @see RFC 2046 §5.1.1 */
export const newBoundary = (): string => `weald-${randomBytes(16).toString("hex")}`;

/** Without line breaks: a header of a part can't begin another. */
const headerLines = (headers: PartOut["headers"]): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, " ")}\r\n`)
    .join("");

/**
 * A multipart/related body, written as it is read: one part after the other, in bounded memory.
 *
 * @see RFC 2387; DICOM PS3.18 §8.6.1.2.1 (multipart payloads)
 */
export async function* multipartBody(
  parts: AsyncIterable<PartOut>,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  for await (const { headers, body } of parts) {
    yield Buffer.from(`--${boundary}\r\n${headerLines(headers)}\r\n`, "latin1");
    if (body instanceof Uint8Array) yield body;
    else yield* body;
    yield Buffer.from("\r\n", "latin1");
  }
  yield Buffer.from(`--${boundary}--\r\n`, "latin1");
}
