import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** What the evaluated stack says of functions, queues, filters and schedules: `infra/manifest.json`. */
export const Manifest = z.object({
  functions: z.record(
    z.string(),
    z.object({
      handler: z.string(),
      timeoutSeconds: z.number(),
      memoryMb: z.number(),
      links: z.array(z.string()),
    }),
  ),
  queues: z.record(
    z.string(),
    z.object({
      visibilitySeconds: z.number(),
      deadLetters: z.string().optional(),
      maxReceives: z.number().optional(),
    }),
  ),
  subscriptions: z.array(
    z.object({
      queue: z.string(),
      function: z.string(),
      batchSize: z.number(),
      windowSeconds: z.number(),
      partialResponses: z.boolean(),
      /** At most so many executions at once for this queue. */
      atOnce: z.number().optional(),
    }),
  ),
  notifications: z.array(
    z.object({
      bucket: z.string(),
      queue: z.string(),
      events: z.array(z.string()),
      prefix: z.string().optional(),
    }),
  ),
  /** Functions that answer HTTP by themselves. `refusal`: what stands before them and refuses bodies that Lambda can't take. */
  urls: z.array(
    z.object({
      function: z.string(),
      path: z.string(),
      isStreaming: z.boolean(),
      refusal: z.object({ overBytes: z.number(), body: z.string() }).optional(),
    }),
  ),
  schedules: z.array(z.object({ name: z.string(), expression: z.string(), function: z.string() })),
});
export type Manifest = z.output<typeof Manifest>;

export const manifestFile = fileURLToPath(new URL("../../../../infra/manifest.json", import.meta.url));
export const readManifest = (): Manifest => Manifest.parse(JSON.parse(readFileSync(manifestFile, "utf8")));

const UNIT_SECONDS: Record<string, number> = { minute: 60, hour: 3600, day: 86_400 };

/** Seconds between two runs of `rate(5 minutes)`; other expressions are not used by this stack. */
export function everySeconds(expression: string): number {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = UNIT_SECONDS[unit];
  if (!count || !seconds) throw new Error(`a schedule that the local cloud doesn't know: ${expression}`);
  return Number(count) * seconds;
}
