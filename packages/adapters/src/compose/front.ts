import type { Ports } from "@weald/core/kernel";
import { frontConfigFromEnvironment } from "../config.ts";
import { createFunctionCaller } from "../functions/lambda.ts";
import { kept } from "./kept.ts";
import { objectStores } from "./object-stores.ts";
import { type Accepted, Answer, type Arrival, takeInTogether } from "./take-in.ts";

/** What a function has that stands before others: the archive, share objects, and the function behind it. No database. */
export type Front = Pick<Ports, "archive" | "shares"> & {
  ask(event: unknown): Promise<unknown>;
  /** Whose pages may ask by CORS. */
  viewerOrigins: readonly string[];
  /**
   * Has these arrivals taken in now, as their queue would have it later.
   *
   * @returns Which items must come again, and what became of the others
   */
  accept(arrivals: readonly Arrival[]): Promise<Accepted>;
};

async function composeOnce(): Promise<Front> {
  // Only a deployed function has SST's links; the import would fail anywhere else.
  const config = process.env.WEALD_LAMBDA_ENDPOINT
    ? frontConfigFromEnvironment(process.env)
    : (await import("./aws.ts")).frontConfigFromLinks();
  const { region, endpoint, answer, accept } = config.functions;
  const stores = objectStores(config.objects);
  const call = createFunctionCaller({ region, endpoint });
  return {
    archive: stores.archive,
    shares: stores.shares,
    ask: (event) => call(answer, event),
    viewerOrigins: config.viewerOrigins,
    accept: takeInTogether(async (arrivals) => {
      const Records = arrivals.map(({ itemId, arrival }) => ({ messageId: itemId, body: arrival }));
      const said = Answer.parse(await call(accept, { Records, wantsOutcomes: true }));
      const failed = said.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      return { failed, outcomes: said.outcomes };
    }),
  };
}

export const front = kept(composeOnce);
