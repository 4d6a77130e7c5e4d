const forgetting = new Set<() => void>();

/** What else a process keeps of the region that it serves. */
export const whenForgotten = (forget: () => void): void => void forgetting.add(forget);

/** What a process composes at first use and keeps: a function is warm for many invocations. */
export function kept<T>(compose: () => Promise<T>): () => Promise<T> {
  let composed: Promise<T> | undefined;
  whenForgotten(() => {
    composed = undefined;
  });
  return () => {
    composed ??= compose();
    return composed;
  };
}

/** For a process that outlives a region (tests): what is asked for next is composed from the environment as it is then. */
export function forgetComposed(): void {
  for (const forget of forgetting) forget();
}
