/** What is fetched before it is asked for: a few at once over all viewports, the active one's first. */
export type PrefetchPlan = {
  /** The next to fetch, or nothing more. */
  next(): string | undefined;
};
/** `isGiven`: it has no more to fetch, or another took its place. `running`: what it gave that isn't here yet. */
type Standing = { plan: PrefetchPlan; running: number; isGiven: boolean; tell(): void };

const AT_ONCE = 4;

/**
 * @param load - never asked for more than four at once
 * @param hasRoom - whether there is room for what only may be wanted; the active viewport's is fetched in any case
 */
export function createPrefetcher(load: (imageId: string) => Promise<unknown>, hasRoom: () => boolean) {
  const plans = new Map<string, Standing>();
  let active: string | undefined;
  let running = 0;

  function tellIfDone({ isGiven, running, tell }: Standing): void {
    if (isGiven && running === 0) tell();
  }

  function drop(id: string): void {
    const standing = plans.get(id);
    plans.delete(id);
    if (!standing) return;
    standing.isGiven = true;
    tellIfDone(standing);
  }

  /** The next of one plan; a plan that has no more is forgotten. */
  function nextOf(id: string): (() => Promise<void>) | undefined {
    const standing = plans.get(id);
    const imageId = standing?.plan.next();
    if (!standing || imageId === undefined) {
      drop(id);
      return undefined;
    }
    standing.running += 1;
    return async () => {
      // What can't be loaded ahead says so when the reader comes to it.
      await load(imageId).catch(() => {});
      standing.running -= 1;
      tellIfDone(standing);
    };
  }

  function take(): (() => Promise<void>) | undefined {
    const first = active === undefined ? undefined : nextOf(active);
    if (first) return first;
    if (!hasRoom()) return undefined;
    for (const id of plans.keys()) {
      const next = id === active ? undefined : nextOf(id);
      if (next) return next;
    }
    return undefined;
  }

  async function work(first: () => Promise<void>): Promise<void> {
    for (let next: (() => Promise<void>) | undefined = first; next; next = take()) await next();
    running -= 1;
  }

  function start(): void {
    while (running < AT_ONCE) {
      const next = take();
      if (!next) return;
      running += 1;
      void work(next);
    }
  }

  return {
    /**
     * A viewport's plan takes the place of its last one.
     *
     * @returns Once all that it gave is here or can't be had, also where another took its place
     */
    plan(id: string, plan: PrefetchPlan): Promise<void> {
      drop(id);
      return new Promise((tell) => {
        plans.set(id, { plan, tell, running: 0, isGiven: false });
        start();
      });
    },
    activate(id: string): void {
      active = id;
      start();
    },
    forget(id: string): void {
      drop(id);
      if (active === id) active = undefined;
    },
  };
}
export type Prefetcher = ReturnType<typeof createPrefetcher>;
