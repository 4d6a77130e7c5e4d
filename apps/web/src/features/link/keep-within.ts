/** A browser that can't write as it reads holds a download whole: more than it can hold isn't begun to be held. */
export class TooLarge extends Error {
  readonly code = "TOO_MUCH_TO_HOLD";
  override message =
    "This is too large for this phone. On a computer, with Chrome or Edge, it works; or take the pictures (JPEG), which are smaller.";
}

export function within(stream: ReadableStream<Uint8Array>, mostBytes: number): ReadableStream<Uint8Array> {
  let bytes = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > mostBytes) throw new TooLarge();
        controller.enqueue(chunk);
      },
    }),
  );
}
