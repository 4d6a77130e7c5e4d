import type { Ports } from "@weald/core/kernel";
import { z } from "zod";
import { frontConfigFromEnvironment } from "../config.ts";
import { createFunctionCaller } from "../functions/lambda.ts";
import { objectStores } from "./object-stores.ts";

/** What a function has that stands before others: the archive, and the function behind it. No database. */
export type Front = Pick<Ports, "archive"> & {
  ask(event: unknown): Promise<unknown>;
  /** Whose pages may ask by CORS. */
  viewerOrigins: readonly string[];
  /**
   * Has these arrivals taken in now, as their queue would have it later.
   *
   * @returns How many must come again, and what became of the others
   */
  accept(arrivals: readonly string[]): Promise<Accepted>;
};

const Accepted = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
    outcomes: z.array(
      z.object({
        itemId: z.string(),
        outcome: z.string(),
        code: z.string().optional(),
        message: z.string().optional(),
      }),
    ),
  })
  .transform(({ batchItemFailures, outcomes }) => ({ failed: batchItemFailures.length, outcomes }));
export type Accepted = z.output<typeof Accepted>;

let composed: Promise<Front> | undefined;

async function composeOnce(): Promise<Front> {
  // Only a deployed function has SST's links; the import would fail anywhere else.
  const config = process.env.WEALD_LAMBDA_ENDPOINT
    ? frontConfigFromEnvironment(process.env)
    : (await import("./aws.ts")).frontConfigFromLinks();
  const { region, endpoint, answer, accept } = config.functions;
  const call = createFunctionCaller({ region, endpoint });
  return {
    archive: objectStores(config.objects).archive,
    ask: (event) => call(answer, event),
    viewerOrigins: config.viewerOrigins,
    async accept(arrivals) {
      const Records = arrivals.map((body, index) => ({ messageId: String(index), body }));
      return Accepted.parse(await call(accept, { Records, wantsOutcomes: true }));
    },
  };
}

/** Composed at first use and kept: a function is warm for many requests. */
export const front = (): Promise<Front> => {
  composed ??= composeOnce();
  return composed;
};
