import { randomUUID } from "node:crypto";
import { picture } from "@weald/tests/fixtures/picture.ts";

export type Load = { name: string; side: number; objects: number };

export const LOADS: readonly Load[] = [
  { name: "CT, 525 KB", side: 512, objects: 64 },
  { name: "small, 20 KB", side: 98, objects: 128 },
];
const SERIES_OF = 100;

export const newUid = () => `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`;

/** As scanners send: series of a hundred images, each sender's its own study. */
export function objectsOf({ side, objects }: Load, senders: number): Uint8Array[][] {
  return Array.from({ length: senders }, (_sender, sender) => {
    const study = newUid();
    let series = newUid();
    return Array.from({ length: Math.round(objects / senders) }, (_, index) => {
      if (index % SERIES_OF === 0) series = newUid();
      return picture({ study, series, number: index + 1, side, localNumber: `BENCH-${sender}` });
    });
  });
}

/** One series, for reading. */
export function seriesOf(count: number, side: number) {
  const [study, series] = [newUid(), newUid()];
  return {
    study,
    series,
    objects: Array.from({ length: count }, (_, index) => picture({ study, series, number: index + 1, side })),
  };
}
