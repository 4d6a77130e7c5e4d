/** Wide enough for the words under it. */
const [SMALLEST, LARGEST] = [512, 1024];

/** Pixels along the square in which a picture that is taken away is drawn: as large as it is, within what a phone draws. */
export const pictureSide = (rows = 0, columns = 0): number =>
  Math.min(LARGEST, Math.max(SMALLEST, rows, columns));

/** Of the words under it. */
const WORDS = 64;

/** A JPEG of it is no larger: a byte a pixel, of the square and the words. */
export function pictureBytes(rows = 0, columns = 0): number {
  const side = pictureSide(rows, columns);
  return side * (side + WORDS);
}
