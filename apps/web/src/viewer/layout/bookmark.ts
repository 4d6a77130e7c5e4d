import type { Hanging, HungStep } from "@weald/core/hanging";
import type { View } from "../annotations/contract.ts";
import { viewOf } from "../annotations/view-link.ts";
import { type Arrangement, keyOf, type Slot } from "./arrangement.ts";
import type { CellState, Places } from "./cell-state.ts";

/** Where a reader stopped: what hung and how, and in which step of which protocol. */
export type BookmarkPlace = {
  view: View;
  step?: { protocolId: string; name: string } | null | undefined;
};

const MOVED = 0.01;
const whatHangs = (slot: Slot): string => (slot.kind === "hung" ? keyOf(slot.hung) : slot.kind);

const isSameGrid = (a: Arrangement, b: Arrangement): boolean =>
  a.rows === b.rows &&
  a.columns === b.columns &&
  a.slots.every((slot, at) => whatHangs(slot) === whatHangs(b.slots[at] ?? { kind: "empty" }));

/** Its first image, as it was fitted. */
function isUntouched({ shown, controller }: CellState): boolean {
  const view = controller?.view();
  const isFitted = !view || Math.abs(view.zoom - 1) + Math.abs(view.x) + Math.abs(view.y) < MOVED;
  return shown.index === 0 && isFitted;
}

type Now = {
  arrangement: Arrangement;
  cells: ReadonlyMap<number, CellState>;
  hanging: Hanging;
  step: HungStep;
  /** As the step hangs for this reader before they change anything. */
  begins: Arrangement;
};

type Viewed = Omit<Now, "hanging" | "step" | "begins"> & {
  hanging: Hanging | undefined;
  step: HungStep | undefined;
  beginsOf(hanging: Hanging, step: HungStep): Arrangement;
};

/** The same while it may not be known yet what hangs. */
export const standsAt = ({ hanging, step, beginsOf, ...rest }: Viewed): ReturnType<typeof placeNow> =>
  hanging && step ? placeNow({ ...rest, hanging, step, begins: beginsOf(hanging, step) }) : "unsaid";

/**
 * Where the reader stands, if anywhere but at the start. `unsaid`: nothing can be said of it: the picture is still on its way, or
 * one that is computed here.
 */
export function placeNow({
  arrangement,
  cells,
  hanging,
  step,
  begins,
}: Now): BookmarkPlace | "start" | "unsaid" {
  const isCut = arrangement.slots.some((slot) => slot.kind === "hung" && slot.hung.cut !== undefined);
  if (isCut || !cells.get(arrangement.active)?.isReady) return "unsaid";
  const here = arrangement.slots.flatMap((_slot, at) => cells.get(at) ?? []);
  const isStart = hanging.steps[0] === step && isSameGrid(arrangement, begins) && here.every(isUntouched);
  if (isStart) return "start";
  const { protocolId } = hanging;
  return { view: viewOf(arrangement, cells), step: { protocolId, name: step.name } };
}

/** The step in which the reader stopped, where the protocol still has it. */
export function stepOf({ step }: BookmarkPlace, { protocolId, steps }: Hanging): number {
  if (step?.protocolId !== protocolId) return 0;
  return Math.max(
    0,
    steps.findIndex(({ name }) => name === step.name),
  );
}

/** Each viewport begins at the image that was on it. */
export function notePlaces(places: Places, { panes }: View, hung: Arrangement): void {
  for (const [at, slot] of hung.slots.entries()) {
    const pane = panes[at];
    if (slot.kind !== "hung" || !pane?.instanceId) continue;
    places.set(keyOf(slot.hung), {
      index: 0,
      at: { instanceId: pane.instanceId, frame: pane.frame ?? 1 },
    });
  }
}

/** Studies that hung there and aren't open now. */
export const missingIn = ({ view }: BookmarkPlace, openIds: readonly string[]): string[] => [
  ...new Set(view.panes.flatMap((pane) => (pane && !openIds.includes(pane.studyId) ? [pane.studyId] : []))),
];
