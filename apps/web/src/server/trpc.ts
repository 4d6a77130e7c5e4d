import "server-only";
import { initTRPC, TRPCError } from "@trpc/server";
import { type Action, type Ctx, type ErrorKind, WealdError } from "@weald/core/kernel";
import type { z } from "zod";

/** This door's total table: a new kind does not compile until it is mapped. */
const CODE_OF = {
  invalid: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  unsupported: "UNSUPPORTED_MEDIA_TYPE",
  too_large: "PAYLOAD_TOO_LARGE",
  unavailable: "SERVICE_UNAVAILABLE",
} as const satisfies Record<ErrorKind, TRPCError["code"]>;

/** Who asks by a patient's door, before anybody knows who they are: their browser, and the way to set its cookie. */
export type Visitor = {
  /** Of our own door, which does what comes before a session. */
  ctx: Ctx;
  address: string;
  agent: string;
  device: "phone" | "tablet" | "computer" | "unknown";
  keep(secret: string, endsAt: Date): void;
};

export type TrpcContext = { ctx: Ctx | undefined; visitor?: Visitor };

const t = initTRPC.context<TrpcContext>().create({
  // The client gets our code and the policy's reason, never a stack.
  errorFormatter({ shape, error }) {
    const cause = error.cause;
    const weald =
      cause instanceof WealdError
        ? { code: cause.code, reason: "reason" in cause ? String(cause.reason) : undefined }
        : undefined;
    const { stack: _stack, ...data } = shape.data;
    const message =
      weald || error.code === "UNAUTHORIZED"
        ? shape.message
        : "Something went wrong here. Try again; if it goes on, tell your PACS team.";
    return { ...shape, message, data: { ...data, weald } };
  },
});

export const { router, createCallerFactory } = t;

const translated = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || !(result.error.cause instanceof WealdError)) return result;
  const { cause } = result.error;
  throw new TRPCError({ code: CODE_OF[cause.kind], message: cause.message, cause });
});

const procedure = translated.use(({ ctx, next }) => {
  if (!ctx.ctx) throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in to go on." });
  return next({ ctx: { ctx: ctx.ctx } });
});

/** For who has no session yet: the patient's door alone has visitors. */
const visitorProcedure = translated.use(({ ctx, next }) => {
  if (!ctx.visitor) throw new TRPCError({ code: "UNAUTHORIZED", message: "Open your link to go on." });
  return next({ ctx: { visitor: ctx.visitor } });
});

// The action parses its own input; the procedure only carries the schema's type to the client.
const inputOf =
  <I extends z.ZodType, O>(action: Action<I, O>) =>
  (raw: unknown) =>
    raw as z.input<typeof action.input>;

export const queryOf = <I extends z.ZodType, O>(action: Action<I, O>) =>
  procedure.input(inputOf(action)).query(({ ctx, input }) => action(ctx.ctx, input as z.input<I>));
export const mutationOf = <I extends z.ZodType, O>(action: Action<I, O>) =>
  procedure.input(inputOf(action)).mutation(({ ctx, input }) => action(ctx.ctx, input as z.input<I>));

/** What is sent, and from where: what the door knows stands over what the browser says. */
const visit = ({ address, agent, device }: Visitor, input: unknown) => ({
  ...(input instanceof Object ? input : {}),
  ...{ address, agent, device },
});

/** What a visitor sends; the rest of the action's input is the door's to say. */
type Sent<I extends z.ZodType> = Omit<z.input<I>, "address" | "agent" | "device">;
const sentOf =
  <I extends z.ZodType, O>(_action: Action<I, O>) =>
  (raw: unknown) =>
    raw as Sent<I>;

/** An action of our own door, asked by somebody of whom nothing is known but a link. */
export const visitOf = <I extends z.ZodType, O>(action: Action<I, O>) =>
  visitorProcedure
    .input(sentOf(action))
    .mutation(({ ctx: { visitor }, input }) => action(visitor.ctx, visit(visitor, input) as z.input<I>));

/** The same of one that may begin a session: its secret goes into a cookie, and to no script. */
export const openingOf = <I extends z.ZodType, S extends string>(
  action: Action<I, { state: S } | { state: "open"; secret: string; endsAt: string }>,
) =>
  visitorProcedure.input(sentOf(action)).mutation(async ({ ctx: { visitor }, input }) => {
    const came = await action(visitor.ctx, visit(visitor, input) as z.input<I>);
    if (!("secret" in came)) return { state: came.state, endsAt: undefined };
    visitor.keep(came.secret, new Date(came.endsAt));
    return { state: came.state, endsAt: came.endsAt };
  });
