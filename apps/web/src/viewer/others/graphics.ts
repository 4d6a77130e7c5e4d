import type { Header } from "../contract.ts";
import { items, numbers, text } from "../header.ts";
import type { Point } from "../measure/spacing.ts";

/**
 * What of the picture was shown: where its top left corner on the screen lies in the picture, and its bottom right one.
 * `isAcross`: what goes along the screen goes down the picture. To this area display units are relative.
 */
export type Area = { from: Point; to: Point; isAcross: boolean };

/** One drawing, as a path in pixels of the picture. */
export type Drawn = { path: string; isFilled: boolean; isPoint: boolean };
/** Words, the corners of their box, and to where they point. */
export type Words = { lines: string[]; at: Point; end: Point; anchor: Point | undefined };

/** Where a pair of numbers lies; nothing where it can't be told. */
export type Placing = (pair: readonly number[], units: string | undefined) => Point | undefined;

/**
 * By pixels, 0\0 is the corner of the picture; by display, 0\0 to 1\1 are corners of the area, as it was turned.
 *
 * @param area - undefined where the area can't be told: then nothing by display is placed
 * @see DICOM PS3.3 §C.10.5.1.1
 */
export const placingIn =
  (area: Area | undefined): Placing =>
  ([x, y], units) => {
    if (x === undefined || y === undefined || !Number.isFinite(x + y)) return undefined;
    if (units === "PIXEL") return { column: x, row: y };
    if (units !== "DISPLAY" || !area) return undefined;
    const { from, to, isAcross } = area;
    const [along, down] = isAcross ? [y, x] : [x, y];
    return {
      column: from.column + along * (to.column - from.column),
      row: from.row + down * (to.row - from.row),
    };
  };

const between = (a: Point, b: Point): number => Math.hypot(a.column - b.column, a.row - b.row);
const at = ({ column, row }: Point): string => `${column} ${row}`;

function circle([centre, edge]: readonly Point[]): string | undefined {
  if (!centre || !edge) return undefined;
  const radius = between(centre, edge);
  const left = { column: centre.column - radius, row: centre.row };
  const right = { column: centre.column + radius, row: centre.row };
  return `M${at(left)}A${radius} ${radius} 0 1 0 ${at(right)}A${radius} ${radius} 0 1 0 ${at(left)}Z`;
}

function ellipse([from, to, upper, lower]: readonly Point[]): string | undefined {
  if (!from || !to || !upper || !lower) return undefined;
  const [along, across] = [between(from, to) / 2, between(upper, lower) / 2];
  const turned = (Math.atan2(to.row - from.row, to.column - from.column) * 180) / Math.PI;
  const arc = `A${along} ${across} ${turned} 1 0 `;
  return `M${at(from)}${arc}${at(to)}${arc}${at(from)}Z`;
}

const isSame = (a: Point, b: Point) => a.column === b.column && a.row === b.row;

/** A curve through all its points, by Catmull and Rom: the standard leaves the way between them open. */
function curve(points: readonly Point[]): string | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return undefined;
  const isClosed = points.length > 3 && isSame(first, last);
  const before = isClosed ? (points.at(-2) ?? first) : first;
  const after = isClosed ? (points[1] ?? last) : last;
  const all = [before, ...points, after];
  const toward = (a: Point, b: Point, c: Point): Point => ({
    column: a.column + (c.column - b.column) / 6,
    row: a.row + (c.row - b.row) / 6,
  });
  const pieces = points.slice(1).map((to, index) => {
    const [p0 = to, p1 = to, p2 = to, p3 = to] = all.slice(index, index + 4);
    return `C${at(toward(p1, p0, p2))} ${at(toward(p2, p3, p1))} ${at(p2)}`;
  });
  return `M${at(first)}${pieces.join("")}`;
}

const line = (points: readonly Point[]): string | undefined =>
  points.length < 2 ? undefined : `M${points.map(at).join("L")}`;
/** A line of no length: its round ends are a dot of one size at any zoom. */
const dot = ([point]: readonly Point[]): string | undefined => point && `M${at(point)}h0`;

const PATHS: Record<string, (points: readonly Point[]) => string | undefined> = {
  POINT: dot,
  POLYLINE: line,
  INTERPOLATED: curve,
  CIRCLE: circle,
  ELLIPSE: ellipse,
};

/** A drawing of one kind through places of the picture; nothing where there are too few. */
export const pathOf = (kind: string, points: readonly Point[]): string | undefined => PATHS[kind]?.(points);

/** @returns nothing for what isn't whole, or can't be placed: it is counted as not drawn */
export function drawnOf(object: Header, place: Placing): Drawn | undefined {
  const [data, units] = [numbers(object, "00700022"), text(object, "00700005")];
  const kind = text(object, "00700023") ?? "";
  const pairs = Array.from({ length: Math.floor(data.length / 2) }, (_, index) =>
    place(data.slice(2 * index, 2 * index + 2), units),
  );
  const points = pairs.filter((point) => point !== undefined);
  const path = points.length === pairs.length ? pathOf(kind, points) : undefined;
  if (path === undefined) return undefined;
  return { path, isFilled: text(object, "00700024") === "Y", isPoint: kind === "POINT" };
}

/** @returns nothing where the words have no place: they are said beside the picture */
export function wordsOf(object: Header, place: Placing): Words | undefined {
  const lines = linesOf(object);
  const box = place(numbers(object, "00700010"), text(object, "00700003"));
  const anchor = place(numbers(object, "00700014"), text(object, "00700004"));
  const begin = box ?? anchor;
  if (lines.length === 0 || !begin) return undefined;
  const isPointing = text(object, "00700015") === "Y" && anchor !== undefined && box !== undefined;
  const end = place(numbers(object, "00700011"), text(object, "00700003"));
  return { lines, at: begin, end: (box && end) ?? begin, anchor: isPointing ? anchor : undefined };
}

export const linesOf = (object: Header): string[] =>
  (text(object, "00700006") ?? "").split(/[\r\n\f]+/).filter(Boolean);

/** Objects of an annotation that hold drawings; those that hold words. @see DICOM PS3.3 §C.10.5 */
export const drawingsIn = (annotation: Header): Header[] => items(annotation, "00700009");
export const wordsIn = (annotation: Header): Header[] => items(annotation, "00700008");

/**
 * Compound drawings (a ruler, an axis) that stand there by no simple ones. Each has to be sent as simple drawings and words of the same
 * number too, and these are drawn: so only of who left them out is anything missing. @see DICOM PS3.3 §C.10.5.1.3.1
 */
export function undrawnIn(annotation: Header): number {
  const simple = [...drawingsIn(annotation), ...wordsIn(annotation)];
  const known = new Set(simple.flatMap((object) => text(object, "00700226") ?? []));
  return items(annotation, "00700209").filter((object) => !known.has(text(object, "00700226") ?? "")).length;
}
