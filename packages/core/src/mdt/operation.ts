import { sideNamed } from "../timeline/index.ts";
import type { CaseSide } from "./case.ts";
import { amber, green, grey, type Judged, red } from "./judged.ts";

export const SIDE_WORDS = {
  L: "LEFT",
  R: "RIGHT",
  B: "BOTH SIDES",
  none: "no side",
} as const satisfies Record<CaseSide, string>;
const EACH = { L: ["L"], R: ["R"], B: ["L", "R"], none: [] } as const satisfies Record<
  CaseSide,
  readonly string[]
>;

/** "left", "Lt", "R", "both", "n/a": a side as people write it. Anything else is none of them, and is said to be. */
export function sideFrom(text: string): CaseSide | undefined {
  const word = text.trim().toLowerCase().replace(/\.$/, "");
  if (/^(l|lt|left)$/.test(word)) return "L";
  if (/^(r|rt|right)$/.test(word)) return "R";
  if (/^(b|bil|both|bilateral|both sides)$/.test(word)) return "B";
  return /^(-|n|na|n\/a|none|no side|midline)$/.test(word) ? "none" : undefined;
}

type Shown = { name: string; sides: readonly ("L" | "R")[] };
type Facts = {
  operation: { procedure: string; side: CaseSide | undefined };
  current: readonly Shown[];
  referrer: string;
};

const sidesIn = (sides: readonly ("L" | "R")[]) =>
  [...new Set(sides)].map((side) => SIDE_WORDS[side]).join(" and ");

function judgeImages(said: string, side: "L" | "R" | "B", current: readonly Shown[]): Judged {
  if (current.length === 0) return grey(`${said}: no images to hold it against`);
  const shown = current.flatMap(({ sides }) => sides);
  if (shown.length === 0) return grey(`${said}: the images don't say which side they are of`);
  const wanted = EACH[side];
  if (!wanted.every((one) => shown.includes(one)))
    return red(`${said}, but the images are of the ${sidesIn(shown)}`);
  const other = current.find(
    ({ sides }) => sides.length > 0 && !sides.some((one) => wanted.some((own) => own === one)),
  );
  if (other) return amber(`${said}: ${other.name} is of the ${sidesIn(other.sides)} alone`);
  return green(`${said}; the images are of the ${sidesIn(shown)}`);
}

/**
 * The operation and its side, held against the side that the images' own coded attributes name: one that disagrees is red. What the
 * words of an operation say never makes a side; it only contradicts one.
 */
export function judgeOperation({ operation: { procedure, side }, current, referrer }: Facts): Judged {
  const from = referrer || undefined;
  if (procedure.trim() === "") return red("No operation written", from);
  if (!side) return red(`${procedure}: its side isn't written`, from);
  const said = `${procedure}, ${SIDE_WORDS[side]}`;
  const named = sideNamed(procedure);
  if (named && named !== side) return red(`${said}: its words say ${SIDE_WORDS[named]}`, from);
  return side === "none" ? green(said) : judgeImages(said, side, current);
}
