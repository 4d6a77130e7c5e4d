/** Outward from where the reader is: ahead first, then behind, then further. */
export function prefetchOrder(index: number, count: number): number[] {
  const order: number[] = [];
  for (let distance = 1; order.length < count - 1; distance += 1) {
    if (index + distance < count) order.push(index + distance);
    if (index - distance >= 0) order.push(index - distance);
    if (distance > count) break;
  }
  return order;
}
