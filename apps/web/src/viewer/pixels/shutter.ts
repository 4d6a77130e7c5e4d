import type { Header } from "../contract.ts";
import { items, number, numbers } from "../header.ts";

/** What of a picture is to be seen, in its own pixels: all shapes at once hold. */
export type Shutter = { paths: string[]; grey: number };
export type Size = { rows: number; columns: number };

const P_VALUES = 65_535;

function rectangle(header: Header): string[] {
  const [left, right, upper, lower] = ["00181602", "00181604", "00181606", "00181608"].map((tag) =>
    number(header, tag),
  );
  if (left === undefined || right === undefined || upper === undefined || lower === undefined) return [];
  // The edges themselves are hidden; the first pixel's number is 1.
  return [`M${left} ${upper}H${right - 1}V${lower - 1}H${left}Z`];
}

function circle(header: Header): string[] {
  const [[row, column], radius] = [numbers(header, "00181610"), number(header, "00181612")];
  if (row === undefined || column === undefined || !radius) return [];
  const [x, y] = [column - 0.5, row - 0.5];
  return [
    `M${x - radius} ${y}A${radius} ${radius} 0 1 0 ${x + radius} ${y}A${radius} ${radius} 0 1 0 ${x - radius} ${y}Z`,
  ];
}

function polygon(header: Header): string[] {
  const vertices = numbers(header, "00181620");
  if (vertices.length < 6) return [];
  const points = Array.from(
    { length: Math.floor(vertices.length / 2) },
    (_, at) => `${(vertices[2 * at + 1] ?? 0) - 0.5} ${(vertices[2 * at] ?? 0) - 0.5}`,
  );
  return [`M${points.join("L")}Z`];
}

/** Of an enhanced object it stands in the frame's functional groups, or in those that all frames share. */
function holderOf(header: Header, frame: number): Header {
  const groups = [items(header, "52009230")[frame - 1], items(header, "52009229")[0]];
  return groups.flatMap((group) => (group ? items(group, "00189472") : []))[0] ?? header;
}

/**
 * The display shutter of a frame: what collimators hid when it was made, which dazzles when it is shown white.
 *
 * @returns each path with the picture's outline around it, to be filled by the even-odd rule; nothing where there is none
 * @see DICOM PS3.3 §C.7.6.11
 */
export function shutterOf(header: Header, frame: number, { rows, columns }: Size): Shutter | undefined {
  const holder = holderOf(header, frame);
  const shapes = [...rectangle(holder), ...circle(holder), ...polygon(holder)];
  if (shapes.length === 0) return undefined;
  const around = `M0 0H${columns}V${rows}H0Z`;
  const grey = Math.round(((number(holder, "00181622") ?? 0) / P_VALUES) * 255);
  return { paths: shapes.map((shape) => around + shape), grey: Math.max(0, Math.min(255, grey)) };
}
