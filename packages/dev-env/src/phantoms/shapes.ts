/** Pure geometry for phantoms: all in fractions of the picture, x to the right, y down, unless a name says otherwise. */

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** 1 well inside, 0 well outside, smooth over `edge` (in units of the radius). */
export function ellipse(x: number, y: number, at: Ellipse, edge = 0.06): number {
  const dx = x - at.x;
  const dy = y - at.y;
  const reach = (at.rx > at.ry ? at.rx : at.ry) * (1 + edge);
  // Most places lie outside most shapes.
  if (dx > reach || dx < -reach || dy > reach || dy < -reach) return 0;
  const turn = at.turn ?? 0;
  const [cos, sin] = turn === 0 ? [1, 0] : [Math.cos(turn), Math.sin(turn)];
  const u = (dx * cos + dy * sin) / at.rx;
  const v = (dy * cos - dx * sin) / at.ry;
  return smooth((1 - Math.sqrt(u * u + v * v)) / edge);
}
export type Ellipse = { x: number; y: number; rx: number; ry: number; turn?: number };

export function smooth(t: number): number {
  const limited = clamp(t * 0.5 + 0.5, 0, 1);
  return limited * limited * (3 - 2 * limited);
}

/** A band of half-width `half` around a curve y = f(x). */
export const band = (distance: number, half: number): number =>
  smooth((half - Math.abs(distance)) / (half * 0.35));

/** A straight marker of known length: both ends in pixels (column, row), as measured from pixel centre to pixel centre. */
export type Ruler = {
  from: { column: number; row: number };
  to: { column: number; row: number };
  lengthMm: number;
};

export const onRuler = (column: number, row: number, { from, to }: Ruler): boolean =>
  row >= from.row - 1 && row <= to.row + 1 && column >= from.column && column <= to.column;
