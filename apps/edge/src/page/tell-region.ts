import { z } from "zod";
import edge from "../../package.json" with { type: "json" };
import type { AskRegion } from "../forward/region-client.ts";
import type { Log } from "../log.ts";
import type { Standing } from "./standing.ts";

const EVERY_MS = 60_000;
/** A line that swallows what is sent holds up nothing, least of all the end of the process. */
export const TOLD_WITHIN_MS = 10_000;

/** What the region's PACS managers see of this gateway: counts, times and codes. */
export function toldOf({ waiting, sent, trouble, startedAt, freeBytes, isRefusing }: Standing) {
  const oldest = waiting.flatMap((one) => one.oldest ?? []).sort()[0];
  const amounts = [...waiting.map(({ amount }) => amount), sent];
  return {
    version: edge.version,
    startedAt,
    waiting: {
      count: amounts.reduce((sum, { count }) => sum + count, 0),
      bytes: amounts.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(oldest ? { oldest } : {}),
    },
    ...(trouble ? { trouble: { code: trouble.code, since: trouble.since } } : {}),
    freeBytes,
    isRefusing,
  };
}

export type Telling = { standing(): Promise<Standing>; ask: AskRegion; log: Log };

/** Tells the region each minute how this gateway stands. What can't be told is told with the next; nothing waits for it. */
export function tellRegion({ standing, ask, log }: Telling): { stop(): void } {
  let isTold = true;
  async function tell(): Promise<void> {
    try {
      await ask("operations.tellGateway", toldOf(await standing()), z.unknown());
      isTold = true;
    } catch {
      // Once, not each minute: the forwarder's own trouble says why.
      if (isTold) log({ level: "warn", event: "standing.not-told" });
      isTold = false;
    }
  }
  void tell();
  const timer = setInterval(() => void tell(), EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
