const clamped = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/**
 * Colour by pixel from native YBR_FULL_422, in which two pixels share their chroma: the library takes it for another layout.
 *
 * @param bytes - Y Y Cb Cr for every two pixels
 * @returns red, green and blue for each pixel
 * @see DICOM PS3.3 §C.7.6.3.1.2
 */
export function rgbOf422(bytes: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(Math.floor(bytes.length / 4) * 6);
  for (let from = 0, to = 0; from + 3 < bytes.length; from += 4) {
    const [cb, cr] = [(bytes[from + 2] ?? 128) - 128, (bytes[from + 3] ?? 128) - 128];
    for (const luma of [bytes[from] ?? 0, bytes[from + 1] ?? 0]) {
      rgb[to] = clamped(luma + 1.402 * cr);
      rgb[to + 1] = clamped(luma - 0.344136 * cb - 0.714136 * cr);
      rgb[to + 2] = clamped(luma + 1.772 * cb);
      to += 3;
    }
  }
  return rgb;
}
