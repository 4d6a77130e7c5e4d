export type CodestreamSize = {
  rows: number;
  columns: number;
  components: number;
  precision: number;
  /** JPEG: the marker of its frame header, which says the process. */
  process: number | undefined;
};

const frameHeaders = (marker: number) =>
  (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) ||
  marker === 0xf7;

/** JPEG and JPEG-LS: the frame header (SOF). @see ITU-T T.81 §B.2.2, T.87 §C.2.2 */
function jpegSize(bytes: Uint8Array): CodestreamSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (frameHeaders(marker))
      return {
        process: marker,
        precision: bytes[at + 4] ?? 0,
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: bytes[at + 9] ?? 0,
      };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** JPEG 2000 and HTJ2K: the SIZ marker, right behind SOC. @see ITU-T T.800 §A.5.1 */
function jpeg2000Size(bytes: Uint8Array, soc: number): CodestreamSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (soc + 43 > bytes.length || view.getUint16(soc + 2) !== 0xff51) return undefined;
  return {
    columns: view.getUint32(soc + 8) - view.getUint32(soc + 16),
    rows: view.getUint32(soc + 12) - view.getUint32(soc + 20),
    components: view.getUint16(soc + 40),
    process: undefined,
    precision: ((bytes[soc + 42] ?? 0) & 0x7f) + 1,
  };
}

/** In a JP2 file the codestream stands in a box: found by its first two markers. */
function codestreamStart(bytes: Uint8Array): number {
  const limit = Math.min(bytes.length - 4, 4096);
  for (let at = 0; at <= limit; at += 1)
    if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51)
      return at;
  return -1;
}

/** The size that a codestream states, read without decoding it: a decoder allocates by this. */
export function codestreamSize(bytes: Uint8Array): CodestreamSize | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegSize(bytes);
  const soc = codestreamStart(bytes);
  return soc < 0 ? undefined : jpeg2000Size(bytes, soc);
}
