import type { Window } from "../marks/windows.ts";
import type { Cut } from "../mpr/reformat.ts";

/** What hangs in a viewport: a series of an open study, or only some images of it. */
export type Hung = {
  studyId: string;
  seriesId: string;
  /** Of these images only, in this order: several views may lie in one series. */
  instanceIds?: readonly string[] | undefined;
  /** The edge at which the picture stands, with the others of its group at one scale. Else it is fitted, in the middle. */
  flush?: "left" | "right" | undefined;
  window?: Window | undefined;
  /** Computed of the series: through its rows or its columns. */
  cut?: Cut | undefined;
};
export type Slot =
  | { kind: "hung"; hung: Hung }
  /** A place of the protocol for which there is no image: it stays, and says so. */
  | { kind: "missing"; text: string }
  | { kind: "empty" };
export type Arrangement = { rows: number; columns: number; slots: readonly Slot[]; active: number };

export const MOST_A_SIDE = 4;
const EMPTY: Slot = { kind: "empty" };
const within = (size: number) => Math.max(1, Math.min(MOST_A_SIDE, Math.trunc(size)));

/** One string for what hangs: a key of what a reader did there. */
export const keyOf = ({ studyId, seriesId, instanceIds, cut }: Hung): string =>
  [studyId, seriesId, cut ?? "", ...(instanceIds ?? [])].join("/");

/** A grid of the given size, filled in reading order; what doesn't fit stays in the strip. */
export function arrange(rows: number, columns: number, slots: readonly Slot[], active = 0): Arrangement {
  const count = within(rows) * within(columns);
  const filled = Array.from({ length: count }, (_, at) => slots[at] ?? EMPTY);
  return { rows: within(rows), columns: within(columns), slots: filled, active: Math.min(active, count - 1) };
}

/** Another grid. What hung in the active viewport is still to be seen, and still active. */
export function regrid(was: Arrangement, rows: number, columns: number): Arrangement {
  const count = within(rows) * within(columns);
  const active = was.slots[was.active] ?? EMPTY;
  if (was.active < count) return arrange(rows, columns, was.slots, was.active);
  return arrange(rows, columns, [active, ...was.slots.filter((_, at) => at !== was.active)], 0);
}

export function hangIn(was: Arrangement, at: number, hung: Hung): Arrangement {
  const slots = was.slots.map((slot, index) => (index === at ? { kind: "hung" as const, hung } : slot));
  return { ...was, slots, active: at };
}

export const activate = (was: Arrangement, at: number): Arrangement =>
  at >= 0 && at < was.slots.length && at !== was.active ? { ...was, active: at } : was;

/** The next viewport, round and round. */
export const step = (was: Arrangement, by: number): Arrangement =>
  activate(was, (was.active + by + was.slots.length) % was.slots.length);

export const hungAt = ({ slots }: Arrangement, at: number): Hung | undefined => {
  const slot = slots[at];
  return slot?.kind === "hung" ? slot.hung : undefined;
};

/** One series in three planes: as it was acquired, and cut through its rows and its columns. */
export function threePlanes(hung: Hung): Arrangement {
  const { studyId, seriesId, window } = hung;
  const cuts = [undefined, "along", "down"] as const;
  return arrange(
    1,
    cuts.length,
    cuts.map((cut) => ({ kind: "hung", hung: { studyId, seriesId, window, cut } })),
  );
}
