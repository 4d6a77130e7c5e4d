const MOST = 60;

/** Parts of a series in order; one is seen once every image of it was displayed. */
export function segmentsOf(count: number, seen: ReadonlySet<number>): { from: number; isSeen: boolean }[] {
  const segments = Math.min(MOST, count);
  const begin = (segment: number) => Math.floor((segment * count) / segments);
  return Array.from({ length: segments }, (_, segment) => {
    const [from, to] = [begin(segment), begin(segment + 1)];
    const images = Array.from({ length: to - from }, (_one, at) => from + at);
    return { from, isSeen: images.every((at) => seen.has(at)) };
  });
}
