import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { StoreUnavailable } from "@weald/core/ports";

export type FunctionCallerOptions = {
  region: string;
  /** The local cloud's, which speaks the same API. */
  endpoint?: string | undefined;
};

/** Calls one of our functions with JSON and waits for its answer. */
export type FunctionCaller = (name: string, event: unknown) => Promise<unknown>;

/**
 * By Lambda's Invoke. Up to 6 MB either way.
 *
 * @throws {StoreUnavailable} where the function died, threw or could not be reached
 */
export function createFunctionCaller({ region, endpoint }: FunctionCallerOptions): FunctionCaller {
  const client = new LambdaClient({
    region,
    ...(endpoint
      ? { endpoint, credentials: { accessKeyId: "local", secretAccessKey: "local" }, maxAttempts: 1 }
      : {}),
  });
  return async (name, event) => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    if (answer.FunctionError) throw new StoreUnavailable(`the function ${name} failed`);
    return JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8") || "null");
  };
}
