/** Exponential, with full jitter, so that a region that comes back is not met by every gateway at once. */
export function backOff(longestMs: number, firstMs = 500) {
  let failures = 0;
  return {
    worked(): void {
      failures = 0;
    },
    nextMs(): number {
      failures += 1;
      const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
      return ceiling / 2 + Math.random() * (ceiling / 2);
    },
  };
}
