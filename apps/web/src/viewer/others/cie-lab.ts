export type Rgb = readonly [red: number, green: number, blue: number];

const MOST = 65_535;
/** The white of the profile connection space, D50. */
const WHITE = [0.96422, 1, 0.82521] as const;
const TO_LINEAR: readonly (readonly [number, number, number])[] = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];

const uncurved = (t: number): number => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
const gamma = (linear: number): number =>
  linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
const byteOf = (part: number): number => Math.round(255 * Math.max(0, Math.min(1, part)));

/**
 * The colour that an object asks for, as a screen has it.
 *
 * @param lab - L*, a*, b* as 16-bit numbers: 0 to 100, and -128 to 127
 * @see DICOM PS3.3 §C.10.7.1.1
 */
export function rgbOfLab([l, a, b]: readonly number[]): Rgb | undefined {
  if (l === undefined || a === undefined || b === undefined) return undefined;
  const y = ((l / MOST) * 100 + 16) / 116;
  const x = y + ((a / MOST) * 255 - 128) / 500;
  const z = y - ((b / MOST) * 255 - 128) / 200;
  const xyz = [x, y, z].map((part, axis) => uncurved(part) * (WHITE[axis] ?? 1));
  const [red = 0, green = 0, blue = 0] = TO_LINEAR.map((row) =>
    byteOf(gamma(row.reduce((sum, weight, axis) => sum + weight * (xyz[axis] ?? 0), 0))),
  );
  return [red, green, blue];
}
