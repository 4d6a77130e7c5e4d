/** What a page may hold of decoded images. */
export type Budget = {
  /** Over all viewports: the least recently seen goes first. */
  cacheBytes: number;
  /** What is fetched ahead of one place: beyond it the farthest would push the nearest out. */
  aheadBytes: number;
  /** Nothing is fetched ahead into the last part of it, except for the viewport that is looked at. */
  roomBytes: number;
};

const DESK_BYTES = 1.5 * 1024 ** 3;
/** A phone or tablet closes a page that takes much more than a gigabyte in all, and says nothing. */
const HAND_BYTES = 384 * 1024 ** 2;

export function budgetFor(isInHand: boolean): Budget {
  const cacheBytes = isInHand ? HAND_BYTES : DESK_BYTES;
  return { cacheBytes, aheadBytes: cacheBytes / 2, roomBytes: cacheBytes / 4 };
}

/** A narrow window, or one that is touched: no desk's computer. */
const IN_HAND = "(max-width: 767px), (pointer: coarse)";

let known: Budget | undefined;
/** Of this page, for as long as it is open. */
export function budget(): Budget {
  known ??= budgetFor(typeof window !== "undefined" && window.matchMedia(IN_HAND).matches);
  return known;
}

/** A page that may hold less, whatever it is looked at on: said before anything is read. */
export function keepWithin(ceiling: Budget): void {
  known = ceiling;
}
