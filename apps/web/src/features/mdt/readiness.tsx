import { Badge, type Tone } from "#features/shell/badge.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

export type Meeting = Outputs["mdt"]["readMeeting"];
export type Case = Meeting["cases"][number];
export type Aspect = Case["readiness"]["aspects"][number];
export type Colour = Aspect["colour"];

const TONE: Record<Colour, Tone> = { green: "green", amber: "amber", red: "danger", grey: "unknown" };
/** Colour says one thing, always with a word (clinical page §24). */
export const WORD: Record<Colour, string> = {
  green: "ready",
  amber: "in hand",
  red: "missing",
  grey: "not known",
};

export const ReadinessBadge = ({ colour, label }: { colour: Colour; label?: string }) => (
  <Badge tone={TONE[colour]}>
    {label ? `${label}: ` : ""}
    {WORD[colour]}
  </Badge>
);

/** "3 ready, 1 missing": what a board says of a list. */
export function CountBadges({ counts }: { counts: Record<Colour, number> }) {
  const colours = (["red", "amber", "grey", "green"] as const).filter((colour) => counts[colour] > 0);
  if (colours.length === 0) return <span className="text-muted">no cases yet</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {colours.map((colour) => (
        <Badge key={colour} tone={TONE[colour]}>
          {counts[colour]} {WORD[colour]}
        </Badge>
      ))}
    </span>
  );
}
