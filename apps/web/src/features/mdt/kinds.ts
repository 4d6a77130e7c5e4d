import type { Inputs } from "#features/shell/trpc.tsx";

export type Kind = NonNullable<Inputs["mdt"]["beginSeries"]["kind"]>;

export const KINDS: readonly Kind[] = ["meeting", "theatre", "clinic"];
export const KIND_NAMES: Record<Kind, string> = {
  meeting: "Meeting",
  theatre: "Theatre list",
  clinic: "Clinic list",
};
export const kindFrom = (text: string): Kind => KINDS.find((one) => one === text) ?? "meeting";

/** An operation's side, as it is said large; `none` says that it has no side. */
export const SIDES = { L: "LEFT", R: "RIGHT", B: "BOTH SIDES", none: "no side" } as const;
export type Side = keyof typeof SIDES;
export const sideFrom = (text: string): Side | null =>
  text === "L" || text === "R" || text === "B" || text === "none" ? text : null;

/** "RIGHT", of what the current images' own attributes name; nothing where they name none. */
export const imageSides = (studies: readonly { part: string; sides: readonly ("L" | "R")[] }[]): string =>
  [...new Set(studies.filter(({ part }) => part === "current").flatMap(({ sides }) => sides))]
    .map((side) => SIDES[side])
    .join(" and ");
