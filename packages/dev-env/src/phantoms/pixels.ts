/** Stored values of one frame, row by row. */
export type Draw = (column: number, row: number) => number;

/** 16 bits a pixel, little endian: every machine that Node runs on. */
export function pixels16(columns: number, rows: number, draw: Draw): Uint8Array {
  const values = new Int16Array(columns * rows);
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, at += 1) values[at] = draw(column, row);
  return new Uint8Array(values.buffer);
}

/** RGB, pixel by pixel. */
export function pixelsRgb(
  columns: number,
  rows: number,
  draw: (column: number, row: number) => readonly [number, number, number],
): Uint8Array {
  const bytes = new Uint8Array(columns * rows * 3);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      bytes.set(draw(column, row), (row * columns + column) * 3);
  return bytes;
}
