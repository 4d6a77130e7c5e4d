/** What is fetched before it is asked for: a few at once over all viewports, the active one's first. */
export type PrefetchPlan = {
  /** The next to fetch, or nothing more. */
  next(): string | undefined;
};

const AT_ONCE = 4;

/**
 * @param load - never asked for more than four at once
 * @param hasRoom - whether there is room for what only may be wanted; the active viewport's is fetched in any case
 */
export function createPrefetcher(load: (imageId: string) => Promise<unknown>, hasRoom: () => boolean) {
  const plans = new Map<string, PrefetchPlan>();
  let active: string | undefined;
  let running = 0;

  /** The next of one plan; a plan that has no more is forgotten. */
  function nextOf(id: string): string | undefined {
    const imageId = plans.get(id)?.next();
    if (imageId === undefined) plans.delete(id);
    return imageId;
  }

  function take(): string | undefined {
    const first = active === undefined ? undefined : nextOf(active);
    if (first !== undefined) return first;
    if (!hasRoom()) return undefined;
    for (const id of plans.keys()) {
      const imageId = id === active ? undefined : nextOf(id);
      if (imageId !== undefined) return imageId;
    }
    return undefined;
  }

  async function work(first: string): Promise<void> {
    for (let imageId: string | undefined = first; imageId !== undefined; imageId = take()) {
      // What can't be loaded ahead says so when the reader comes to it.
      await load(imageId).catch(() => {});
    }
    running -= 1;
  }

  function start(): void {
    while (running < AT_ONCE) {
      const imageId = take();
      if (imageId === undefined) return;
      running += 1;
      void work(imageId);
    }
  }

  return {
    /** A viewport's plan takes the place of its last one. */
    plan(id: string, plan: PrefetchPlan): void {
      plans.set(id, plan);
      start();
    },
    activate(id: string): void {
      active = id;
      start();
    },
    forget(id: string): void {
      plans.delete(id);
      if (active === id) active = undefined;
    },
  };
}
export type Prefetcher = ReturnType<typeof createPrefetcher>;
