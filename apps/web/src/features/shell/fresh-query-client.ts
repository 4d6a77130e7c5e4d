import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";

type Invalidate<K extends QueryKey> = [filters?: InvalidateQueryFilters<K>, options?: InvalidateOptions];

/**
 * What is invalidated while its first answer is on its way is asked for again once that has come. The library takes that answer for the
 * new one, and it may have been read before the change: a list would stay without what was just added.
 */
export class FreshQueryClient extends QueryClient {
  override async invalidateQueries<K extends QueryKey = QueryKey>(
    ...[filters, options]: Invalidate<K>
  ): Promise<void> {
    const first = this.getQueryCache()
      .findAll(filters)
      .filter(({ state }) => state.data === undefined && state.fetchStatus === "fetching");
    await super.invalidateQueries(filters, options);
    for (const { queryKey } of first) await super.invalidateQueries({ queryKey, exact: true }, options);
  }
}
