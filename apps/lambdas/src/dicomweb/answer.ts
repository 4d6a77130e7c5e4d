import { bearerCtx } from "@weald/adapters";
import { type Ctx, type Source, WealdError } from "@weald/core/kernel";
import type { Context } from "aws-lambda";
import { ANSWERS } from "./answers.ts";
import { type Answered, Asked, type Refused } from "./asked.ts";

const SIGN_IN: Refused = {
  kind: "unauthenticated",
  code: "TOKEN_INVALID",
  message: "Send a bearer token of the region's identity provider; this one is missing, expired or not ours.",
};
const INTERNAL: Refused = {
  kind: "unavailable",
  code: "INTERNAL",
  message: "Something went wrong. Try again.",
};

const sourceOf = (source: Asked["source"]): Source => ({
  ...(source?.address ? { address: source.address } : {}),
  ...(source?.system ? { system: source.system } : {}),
});

type AnyAction = (ctx: Ctx, input: unknown) => Promise<unknown>;

/** Own entries alone: `constructor` is no action. */
const actionOf = (name: string): AnyAction | undefined =>
  Object.entries<unknown>(ANSWERS).find(([known]) => known === name)?.[1] as AnyAction | undefined;

function refusedBy(error: unknown, ctx: Ctx, ask: string): Refused {
  if (error instanceof WealdError) return { kind: error.kind, code: error.code, message: error.message };
  ctx.service.log({
    level: "error",
    event: "dicomweb.failed",
    ask,
    why: error instanceof Error ? error.name : "",
  });
  return INTERNAL;
}

/** The DICOMweb door's function with a database: checks the token itself, calls one action, answers with its result. */
export async function handler(event: unknown, context: Context): Promise<Answered> {
  const { ask, authorization, source, input } = Asked.parse(event);
  const ctx = await bearerCtx(authorization, "dicomweb", context.awsRequestId, sourceOf(source));
  if (!ctx) return { refused: SIGN_IN };
  const action = actionOf(ask);
  if (!action) return { refused: { ...INTERNAL, code: "ASK_UNKNOWN" } };
  try {
    return { done: await action(ctx, input) };
  } catch (error) {
    return { refused: refusedBy(error, ctx, ask) };
  }
}
