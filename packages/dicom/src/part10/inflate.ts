import { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { refusals } from "../errors.ts";

const MOST_BYTES = 1024 ** 3;

/**
 * The data set of a deflated object, unpacked as it is read and bounded against bombs.
 *
 * @throws {DicomError} `INFLATE_BOMB`, `INFLATE_FAILED`
 * @see DICOM PS3.5 §A.5
 */
export async function* inflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpack = createInflateRaw();
  const input = Readable.from(source);
  input.on("error", (error) => unpack.destroy(error));
  input.pipe(unpack);
  let seen = 0;
  try {
    for await (const chunk of unpack) {
      seen += chunk.length;
      if (seen > MOST_BYTES) throw refusals.inflateBomb();
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      throw refusals.inflate();
    throw error;
  } finally {
    unpack.destroy();
    input.destroy();
  }
}
