import { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { refusals } from "../errors.ts";

const MOST_BYTES = 1024 ** 3;
/** What packs better than this is no image but a bomb, unless it stays small (an empty segmentation packs 1000 to 1). */
const MOST_RATIO = 250;
const MOST_AMPLIFIED_BYTES = 128 * 1024 ** 2;

/**
 * The data set of a deflated object, unpacked as it is read and bounded against bombs.
 *
 * @throws {DicomError} `INFLATE_BOMB`, `INFLATE_FAILED`
 * @see DICOM PS3.5 §A.5
 */
export async function* inflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpack = createInflateRaw();
  let packed = 0;
  const input = Readable.from(
    (async function* counted() {
      for await (const chunk of source) {
        packed += chunk.length;
        yield chunk;
      }
    })(),
  );
  input.on("error", (error) => unpack.destroy(error));
  input.pipe(unpack);
  let seen = 0;
  try {
    for await (const chunk of unpack) {
      seen += chunk.length;
      const isAmplified = seen > MOST_AMPLIFIED_BYTES && seen > packed * MOST_RATIO;
      if (seen > MOST_BYTES || isAmplified) throw refusals.inflateBomb();
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
