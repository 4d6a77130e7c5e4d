import { describe, expect, it } from "vitest";
import { turnedEdges } from "../marks/orientation.ts";
import { canvasAt, isSameTurn, placedBy, turnIn, turnText } from "./placed.ts";

/** A picture of ten by ten, four canvas pixels each, turned and flipped as a screen would show it. */
function standing(degrees: 0 | 90 | 180 | 270, isFlipped: boolean) {
  const at = (column: number, row: number) => {
    const [x, y] = [(column - 5) * 4, (row - 5) * 4];
    const angle = (degrees * Math.PI) / 180;
    const [along, down] = [
      x * Math.cos(angle) - y * Math.sin(angle),
      x * Math.sin(angle) + y * Math.cos(angle),
    ];
    return [100 + (isFlipped ? -along : along), 100 + down] as const;
  };
  return placedBy(at(0, 0), at(1, 0), at(0, 1));
}
const TURNS = ([0, 90, 180, 270] as const).flatMap((degrees) =>
  [false, true].map((isFlipped) => ({ degrees, isFlipped })),
);
/** R at the left of the picture as it was sent, as of a chest from the front. */
const EDGES = { left: "R", right: "L", top: "H", bottom: "F" };

describe("how a picture stands is measured of what is drawn", () => {
  it.each(TURNS)("$degrees° clockwise, then flipped: $isFlipped", (turn) =>
    expect(turnIn(standing(turn.degrees, turn.isFlipped))).toEqual(turn),
  );

  it.each(TURNS)("letters go where the picture goes: $degrees°, flipped $isFlipped", (turn) => {
    const placed = standing(turn.degrees, turn.isFlipped);
    const middles = { left: [0, 5], right: [10, 5], top: [5, 0], bottom: [5, 10] } as const;
    const edges = turnedEdges(EDGES, turn);
    for (const [edge, [column, row]] of Object.entries(middles)) {
      const [x, y] = canvasAt(placed, { column, row });
      const letter = EDGES[edge as keyof typeof EDGES];
      const on = { left: x < 90, right: x > 110, top: y < 90, bottom: y > 110 };
      const where = Object.entries(on).find(([, isThere]) => isThere)?.[0] as keyof typeof EDGES;
      expect(edges[where], `${edge} is at the ${where}`).toBe(letter);
    }
  });

  it("is said in words, unless it stands as it was sent", () => {
    expect(turnText({ degrees: 0, isFlipped: false })).toBeUndefined();
    expect(turnText({ degrees: 0, isFlipped: true })).toBe("FLIPPED");
    expect(turnText({ degrees: 90, isFlipped: true })).toBe("FLIPPED, ROTATED 90°");
    expect(isSameTurn({ degrees: 0, isFlipped: true }, { degrees: 0, isFlipped: false })).toBe(false);
  });
});
