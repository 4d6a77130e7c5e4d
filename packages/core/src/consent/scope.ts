import type { LinkScope } from "../study/index.ts";
import type { Item, Scope } from "./link.ts";

/** What a link shows of one study. `undefined`: nothing of it. Of one study all items are of one kind. */
export function scopeIn(linkId: string, items: readonly Item[], studyId: string): LinkScope | undefined {
  const mine = items.filter((item) => item.studyId === studyId);
  if (mine.length === 0) return undefined;
  const images = mine.flatMap(({ instanceId, frames }): [string, readonly number[]][] =>
    instanceId ? [[instanceId, frames]] : [],
  );
  const series = mine.flatMap(({ seriesId }) => seriesId ?? []);
  return {
    scope: `link:${linkId}`,
    seriesIds: series.length > 0 ? new Set(series) : undefined,
    only: images.length > 0 ? new Map(images) : undefined,
  };
}

type Placed = { instanceId: string; seriesId: string };

/** Rows of what is asked for. `placed`: in which series each image named lies. */
export function itemsOf(scope: Scope, placed: readonly Placed[]): Item[] {
  const { studyId, shows } = scope;
  if (shows.kind === "study") return [{ studyId, seriesId: undefined, instanceId: undefined, frames: [] }];
  if (shows.kind === "series")
    return [...new Set(shows.seriesIds)].map((seriesId) => ({
      ...{ studyId, seriesId, instanceId: undefined, frames: [] },
    }));
  const seriesOf = new Map(placed.map(({ instanceId, seriesId }) => [instanceId, seriesId]));
  return shows.images.map(({ instanceId, frames }) => ({
    ...{ studyId, seriesId: seriesOf.get(instanceId), instanceId },
    frames: [...new Set(frames)].sort((a, b) => a - b),
  }));
}

function covers(wide: Item, narrow: Item): boolean {
  if (wide.studyId !== narrow.studyId) return false;
  if (wide.instanceId !== undefined)
    return (
      wide.instanceId === narrow.instanceId &&
      (wide.frames.length === 0 ||
        (narrow.frames.length > 0 && narrow.frames.every((frame) => wide.frames.includes(frame))))
    );
  return wide.seriesId === undefined || wide.seriesId === narrow.seriesId;
}

/** What is passed on is of what one has: each row of it lies within one of the parent's. */
export const isWithin = (narrow: readonly Item[], wide: readonly Item[]): boolean =>
  narrow.every((item) => wide.some((one) => covers(one, item)));
