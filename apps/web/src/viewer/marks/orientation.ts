import type { Header } from "../contract.ts";
import { numbers, text } from "../header.ts";
import type { Turn } from "../stack/placed.ts";

/** What lies at each edge of the picture: L left, R right, A front, P back, H head, F feet. */
export type Edges = { left: string; right: string; top: string; bottom: string };

const LEAST = 0.25;
const OPPOSITE: Record<string, string> = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };
export const opposite = (letters: string): string =>
  [...letters].map((letter) => OPPOSITE[letter] ?? "").join("");

/** The letters of a direction in patient coordinates, the strongest first. @see DICOM PS3.3 §C.7.6.2.1.1 */
export function lettersOf([x, y, z]: readonly number[]): string {
  const parts = [
    { size: Math.abs(x ?? 0), letter: (x ?? 0) > 0 ? "L" : "R" },
    { size: Math.abs(y ?? 0), letter: (y ?? 0) > 0 ? "P" : "A" },
    { size: Math.abs(z ?? 0), letter: (z ?? 0) > 0 ? "H" : "F" },
  ];
  return parts
    .filter(({ size }) => size > LEAST)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join("");
}

/** From Image Orientation (Patient), else Patient Orientation; nothing is guessed. */
export function edgesOf(header: Header): Edges | undefined {
  const cosines = numbers(header, "00200037");
  const [right, bottom] =
    cosines.length === 6
      ? [lettersOf(cosines.slice(0, 3)), lettersOf(cosines.slice(3))]
      : [text(header, "00200020"), text(header, "00200020", 1)];
  if (!right || !bottom) return undefined;
  return { right, bottom, left: opposite(right), top: opposite(bottom) };
}

const AROUND = ["top", "right", "bottom", "left"] as const;

/** What lies at each edge of the screen, of a picture that was turned: letters go where the picture goes. */
export function turnedEdges(edges: Edges, { degrees, isFlipped }: Turn): Edges {
  const at = (place: number) => edges[AROUND[(place - degrees / 90 + 4) % 4] ?? "top"];
  const [top, right, bottom, left] = [at(0), at(1), at(2), at(3)];
  return isFlipped ? { top, bottom, left: right, right: left } : { top, right, bottom, left };
}
