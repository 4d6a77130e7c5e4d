import pMap from "p-map";
import type { z } from "zod";
import { organisationOf } from "./actor.ts";
import { type AuditOutcome, type AuditRow, appendAudit, wasAuditedLately } from "./audit.store.ts";
import type { AuditSpec, AuditSubject } from "./audit.ts";
import type { Ctx } from "./ctx.ts";
import { AccessDenied, Invalid, NotFound, WealdError } from "./errors.ts";
import type { Decider, Decision } from "./policy.ts";
import { readStanding } from "./standing.store.ts";
import { openTx, type Tx } from "./tx.ts";

/**
 * The waist: parse → prepare → one short transaction (load the facts, decide, change, audit, outbox) → after.
 * Nothing else reaches the database, so nothing can forget to authorise or to audit.
 */
type Common<I extends z.ZodType, P, Facts, Done> = {
  readonly name: `${string}.${string}`;
  readonly input: I;
  readonly policy: Decider<NoInfer<Facts>>;
  readonly audit: AuditSpec<z.output<I>, Done>;
  /** The word for what nobody holds: what is hidden answers with the same. */
  readonly absent?: () => NotFound;
  /** `in-any-session`: also for whoever's session is locked or over. Only what shows nothing, or ends it (listed in a test). */
  readonly session?: "in-any-session";
  /** Loads what the policy must know. Inside the transaction, before any change. */
  load(tx: Tx, input: z.output<I>, prepared: P): Promise<Facts>;
  /** Reads or changes. Inside the same transaction. */
  run(tx: Tx, input: z.output<I>, facts: Facts, prepared: P): Promise<Done>;
};

export type ActionSpec<I extends z.ZodType, Facts, Done, Out> = Common<I, undefined, Facts, Done> & {
  /** After the commit: signs URLs, shapes the answer. Awaited: a function freezes what is left running. */
  after?(ctx: Ctx, done: Done, input: z.output<I>): Promise<Out>;
};

/** How one part of a batch ended. A part that threw is a value, never an omission. */
export type PartResult<P, Done> = { part: P; done: Done } | { part: P; error: unknown };

export type BatchSpec<I extends z.ZodType, P, Facts, Done, Out> = Common<I, P, Facts, Done> & {
  /** System actors only: repeatable I/O to write-once keys, no database. Each part gets a transaction of its own. */
  prepare(ctx: Ctx, input: z.output<I>): Promise<readonly P[]>;
  /** How many parts run side by side; one after the other unless said otherwise. No part may hold two locks then. */
  readonly concurrency?: number;
  after(ctx: Ctx, results: readonly PartResult<P, Done>[], input: z.output<I>): Promise<Out>;
};

export type ActionInfo = {
  readonly actionName: string;
  readonly policy: { readonly name: string; readonly cases: readonly { expect: string }[] };
  readonly audit: { readonly how: "each" | "coalesced" | "none"; readonly verb?: string };
  readonly session?: "in-any-session";
};
export type Action<I extends z.ZodType, Out> = ((ctx: Ctx, input: z.input<I>) => Promise<Out>) &
  ActionInfo & { readonly input: I };

const nothingHere = () => new NotFound("NOT_FOUND", "There is nothing here that you may see.");

function refused(
  decision: Extract<Decision, { allowed: false }>,
  absent: () => NotFound = nothingHere,
): WealdError {
  if (!decision.hide) return new AccessDenied(decision.reason);
  const { code, message } = absent();
  return new NotFound(code, message, `hidden: ${decision.reason}`);
}

const listOf = (subjects: AuditSubject | readonly AuditSubject[]): readonly AuditSubject[] =>
  Array.isArray(subjects) ? subjects : [subjects as AuditSubject];

function rowsOf<I extends z.ZodType, P, Facts, Done>(
  spec: Common<I, P, Facts, Done>,
  input: z.output<I>,
  outcome: AuditOutcome,
  said: { done?: Done; reason?: string },
): AuditRow[] {
  const audit = spec.audit;
  // A refusal or a failure is on the record even where success is content-free.
  if (audit.how === "none") {
    return outcome === "success"
      ? []
      : [{ action: spec.name, verb: "told", outcome, subject: {}, ...reasonOf(said) }];
  }
  return listOf(audit.subjects(input, said.done)).map((subject) => ({
    action: spec.name,
    verb: subject.verb ?? audit.verb,
    outcome,
    subject,
    ...reasonOf(said),
  }));
}

const reasonOf = (said: { reason?: string }) => (said.reason === undefined ? {} : { reason: said.reason });

async function record(tx: Tx, ctx: Ctx, how: "each" | "coalesced" | "none", rows: AuditRow[]): Promise<void> {
  if (how !== "coalesced") return appendAudit(tx, ctx, rows);
  for (const row of rows) if (!(await wasAuditedLately(tx, ctx, row))) await appendAudit(tx, ctx, [row]);
}

const factsFor = (ctx: Ctx) => ({
  organisation: organisationOf(ctx.actor),
  patients: [],
  now: ctx.service.now(),
});

async function transact<I extends z.ZodType, P, Facts, Done>(
  ctx: Ctx,
  spec: Common<I, P, Facts, Done>,
  input: z.output<I>,
  prepared: P,
): Promise<Done> {
  const { service } = ctx;
  const held = factsFor(ctx);
  try {
    const ended = await service.db.transaction(held, async (db) => {
      const isSessionAsked = spec.session !== "in-any-session";
      const standing = await readStanding(db, ctx, { now: held.now, isSessionAsked });
      const tx = openTx(db, { ...standing, purpose: ctx.purpose }, held.now);
      const facts = await spec.load(tx, input, prepared);
      const decision = spec.policy.decide(standing.actor, facts);
      if (!decision.allowed) {
        await appendAudit(tx, ctx, rowsOf(spec, input, "denied", { reason: decision.reason }));
        return { decision, done: undefined };
      }
      const done = await spec.run(tx, input, facts, prepared);
      await record(tx, ctx, spec.audit.how, rowsOf(spec, input, "success", { done }));
      service.crashPoint("before-commit");
      return { decision: undefined, done };
    });
    service.crashPoint("after-commit");
    if (ended.decision) throw refused(ended.decision, spec.absent);
    return ended.done as Done;
  } catch (error) {
    if (!(error instanceof AccessDenied) && !isHidden(error)) await leaveFailure(ctx, spec, input, error);
    throw error;
  }
}

const isHidden = (error: unknown) => error instanceof NotFound && error.log?.startsWith("hidden: ");

/** A throw rolled everything back: the failure gets a row in a transaction of its own. */
async function leaveFailure<I extends z.ZodType, P, Facts, Done>(
  ctx: Ctx,
  spec: Common<I, P, Facts, Done>,
  input: z.output<I>,
  error: unknown,
): Promise<void> {
  const reason = error instanceof WealdError ? error.code : "INTERNAL";
  try {
    const held = factsFor(ctx);
    await ctx.service.db.transaction(held, (db) =>
      appendAudit(
        openTx(db, { actor: ctx.actor, session: undefined }, held.now),
        ctx,
        rowsOf(spec, input, "failure", { reason }),
      ),
    );
  } catch {
    ctx.service.log({ level: "error", event: "audit.failure-not-written", action: spec.name, reason });
  }
}

function parse<I extends z.ZodType>(spec: { name: string; input: I }, raw: unknown): z.output<I> {
  const parsed = spec.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new Invalid(
    "INPUT_INVALID",
    `What was sent is not valid${where ? ` (${where})` : ""}.`,
    `${spec.name}: ${where}`,
  );
}

const infoOf = <I extends z.ZodType, P, Facts, Done>(spec: Common<I, P, Facts, Done>) => ({
  actionName: spec.name,
  input: spec.input,
  policy: spec.policy,
  ...(spec.session ? { session: spec.session } : {}),
  audit: spec.audit.how === "none" ? { how: spec.audit.how } : { how: spec.audit.how, verb: spec.audit.verb },
});

export function defineAction<I extends z.ZodType, Facts, Done, Out = Done>(
  spec: ActionSpec<I, Facts, Done, Out>,
): Action<I, Out> {
  async function action(ctx: Ctx, raw: z.input<I>): Promise<Out> {
    const input = parse(spec, raw);
    const done = await transact(ctx, spec, input, undefined);
    // Without `after` the types make Out and Done one.
    return spec.after ? spec.after(ctx, done, input) : (done as unknown as Out);
  }
  return Object.assign(action, infoOf(spec));
}

export function defineBatchAction<I extends z.ZodType, P, Facts, Done, Out>(
  spec: BatchSpec<I, P, Facts, Done, Out>,
): Action<I, Out> {
  async function action(ctx: Ctx, raw: z.input<I>): Promise<Out> {
    if (ctx.actor.kind !== "system") throw new AccessDenied("system-only");
    const input = parse(spec, raw);
    const take = (part: P): Promise<PartResult<P, Done>> =>
      transact(ctx, spec, input, part).then(
        (done) => ({ part, done }),
        (error: unknown) => ({ part, error }),
      );
    const results = await pMap(await spec.prepare(ctx, input), take, { concurrency: spec.concurrency ?? 1 });
    return spec.after(ctx, results, input);
  }
  return Object.assign(action, infoOf(spec));
}
