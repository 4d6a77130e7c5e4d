const PREAMBLE_BYTES = 128;

/** The same bytes with the first 128 set to zero: a preamble may be a program (CVE-2019-11687). */
export async function* withClearedPreamble(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of source) {
    if (seen >= PREAMBLE_BYTES) {
      yield chunk;
      continue;
    }
    const copy = Uint8Array.from(chunk);
    copy.fill(0, 0, Math.min(copy.length, PREAMBLE_BYTES - seen));
    seen += chunk.length;
    yield copy;
  }
}
