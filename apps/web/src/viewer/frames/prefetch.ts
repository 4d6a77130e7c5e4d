import type { Header } from "../contract.ts";
import { number } from "../header.ts";

/** What one frame takes once it is decoded: whole bytes a value, three values a pixel of colour. */
export function decodedBytes(header: Header): number {
  const of = (tag: string, otherwise: number) => number(header, tag) ?? otherwise;
  const pixels = of("00280010", 1024) * of("00280011", 1024);
  return pixels * of("00280002", 1) * Math.ceil(of("00280100", 16) / 8) || 1;
}

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
