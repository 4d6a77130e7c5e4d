const AT_ONCE = 2;

/**
 * Lets through what a reader still wants: of those who come while two loads are under way only the last one is let in, so that a fast
 * scroll over a slow line leaves no queue of pictures that nobody wants any more.
 */
export function latestOnly() {
  const underWay = new Set<Promise<unknown>>();

  return {
    /** @returns what was loaded, or nothing where it was no longer wanted when its turn came */
    async load<T>(begin: () => Promise<T>, isWanted: () => boolean): Promise<T | undefined> {
      while (underWay.size >= AT_ONCE) {
        await Promise.race(underWay);
        if (!isWanted()) return undefined;
      }
      const loading = begin();
      const settled = loading.then(
        () => {},
        () => {},
      );
      underWay.add(settled);
      void settled.then(() => underWay.delete(settled));
      return loading;
    },
  };
}
