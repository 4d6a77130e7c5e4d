import {
  type Arrangement,
  activate,
  arrange,
  type Hung,
  hangIn,
  hungAt,
  MOST_A_SIDE,
  regrid,
  step,
} from "./arrangement.ts";

/**
 * What hangs on one screen, or two. Viewports are numbered through, the second screen's after all that the first can have,
 * so that what links, compares and waits sees them as one grid; one of them is the active one, on either screen.
 */
export type Screens = { first: Arrangement; second?: Arrangement | undefined; isOnSecond: boolean };

export const SECOND_AT = MOST_A_SIDE ** 2;
const EMPTY = arrange(1, 1, []);

export const oneScreen = (first: Arrangement): Screens => ({ first, isOnSecond: false });

/** A second screen with what is to hang there; else with what hung there before, or nothing yet. */
export const withSecond = (first: Arrangement, second: Arrangement | undefined, was: Screens): Screens => ({
  first,
  second: second ?? was.second ?? EMPTY,
  isOnSecond: false,
});

export const withoutSecond = ({ first }: Screens): Screens => oneScreen(first);

const isSecond = (at: number) => at >= SECOND_AT;

export const activeOf = ({ first, second, isOnSecond }: Screens): number =>
  isOnSecond && second ? SECOND_AT + second.active : first.active;

/** The viewports that there are, each with its number. */
export function slotsOf({ first, second }: Screens) {
  const numbered = (of: Arrangement | undefined, from: number) =>
    (of?.slots ?? []).map((slot, index) => ({ slot, at: from + index }));
  return [...numbered(first, 0), ...numbered(second, SECOND_AT)];
}

/** One grid changed, and active from then on. */
function change(was: Screens, at: number, how: (of: Arrangement, index: number) => Arrangement): Screens {
  if (!isSecond(at)) {
    const first = how(was.first, at);
    return first === was.first && !was.isOnSecond ? was : { ...was, first, isOnSecond: false };
  }
  if (!was.second) return was;
  const second = how(was.second, at - SECOND_AT);
  return second === was.second && was.isOnSecond ? was : { ...was, second, isOnSecond: true };
}

export const activateAt = (was: Screens, at: number): Screens => change(was, at, activate);

export const hangAt = (was: Screens, at: number, hung: Hung): Screens =>
  change(was, at, (of, index) => hangIn(of, index, hung));

export const regridAt = (was: Screens, at: number, rows: number, columns: number): Screens =>
  change(was, at, (of) => regrid(of, rows, columns));

export const hungOn = (on: Screens, at: number): Hung | undefined =>
  isSecond(at) ? on.second && hungAt(on.second, at - SECOND_AT) : hungAt(on.first, at);

/** The next viewport, over both screens, round and round. */
export function stepThrough(was: Screens, by: number): Screens {
  if (!was.second) return { ...was, first: step(was.first, by) };
  const all = slotsOf(was);
  const now = all.findIndex(({ at }) => at === activeOf(was));
  const next = all[(now + by + all.length) % all.length];
  return next ? activateAt(was, next.at) : was;
}
