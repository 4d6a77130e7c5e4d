import type { DatabaseTransaction } from "@weald/db";
import pMap from "p-map";
import type { z } from "zod";
import { type Actor, organisationOf, patientsOf } from "./actor.ts";
import { AuditNotWritten, type AuditOutcome, type AuditRow, appendAudit } from "./audit.store.ts";
import { type AuditFailing, type AuditSpec, type AuditSubject, failingOf } from "./audit.ts";
import { spoolAudit } from "./audit-spool.ts";
import type { Ctx } from "./ctx.ts";
import {
  AccessDenied,
  AuditUnavailable,
  DatabaseUnavailable,
  DisplayOnly,
  Invalid,
  NotFound,
  WealdError,
} from "./errors.ts";
import { type Decider, type Decision, deny } from "./policy.ts";
import type { Purpose } from "./purpose.ts";
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
  /** What this door is for, whoever uses it. Without it: what the policy knows, else what their own list is for. */
  readonly purpose?: Purpose;
  /** The word for what nobody holds: what is hidden answers with the same. */
  readonly absent?: () => NotFound;
  /** `in-any-session`: also for whoever's session is locked or over. Only what shows nothing, or ends it (listed in a test). */
  readonly session?: "in-any-session";
  /** Patients may ask it by a link of theirs (`consent`'s own actions alone: a test lists them). Everything else refuses them unasked. */
  readonly admits?: "patients";
  /** A meeting's display asks it too: it shows a list's cases, or keeps the window alive (listed in a test). */
  readonly display?: "of-its-list";
  /** Whether its statements need no plan for these values alone: a list or page of many tables, found by time or by a number. */
  readonly isPlannedOnce?: (input: z.output<I>) => boolean;
  /** Where the audit can't be written: a look is spooled and a change rolled back, unless it says otherwise. */
  readonly whenAuditFails?: AuditFailing;
  /** Neither audit nor spool took its row, and it went on (`open-and-count`): marks that, in a transaction of its own. */
  onUnrecorded?(tx: Tx, done: Done): Promise<void>;
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
  readonly admits?: "patients";
  readonly display?: "of-its-list";
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

/** Where the rows of an action go: to the table, in its transaction, or aside, for the spool after it. */
type Recorder = (tx: Tx, rows: AuditRow[], how: "each" | "coalesced" | "none") => Promise<void>;

const toTable =
  (ctx: Ctx): Recorder =>
  async (tx, rows, how) => {
    if (how !== "coalesced") return appendAudit(tx, ctx, rows);
    for (const row of rows) await appendAudit(tx, ctx, [row], how);
  };

const factsFor = (ctx: Ctx) => ({
  organisation: organisationOf(ctx.actor),
  patients: patientsOf(ctx.actor),
  now: ctx.service.now(),
});

/** A patient is refused before anything is loaded, whatever the policy would say. */
const decideAdmission = (actor: Actor, admits: "patients" | undefined): Decision | undefined =>
  actor.kind === "patient" && admits !== "patients" ? deny("not-for-patients") : undefined;

type Ended<Facts, Done> =
  | { decision: Extract<Decision, { allowed: false }>; facts: Facts | undefined }
  | { decision: undefined; facts: Facts; done: Done };

/** The one short transaction: load, decide, change, record. */
function once<I extends z.ZodType, P, Facts, Done>(
  ctx: Ctx,
  spec: Common<I, P, Facts, Done>,
  input: z.output<I>,
  prepared: P,
  record: Recorder,
): Promise<Ended<Facts, Done>> {
  const { service } = ctx;
  const held = factsFor(ctx);
  const work = async (db: DatabaseTransaction): Promise<Ended<Facts, Done>> => {
    const isSessionAsked = spec.session !== "in-any-session";
    const standing = await readStanding(db, ctx, { now: held.now, isSessionAsked });
    if (standing.session?.displayOf && !spec.display) throw new DisplayOnly();
    const tx = openTx(db, { ...standing, purpose: ctx.purpose }, held.now);
    const kept = decideAdmission(standing.actor, spec.admits);
    if (kept?.allowed === false) {
      await record(tx, rowsOf(spec, input, "denied", { reason: kept.reason }), "each");
      return { decision: kept, facts: undefined };
    }
    const facts = await spec.load(tx, input, prepared);
    const decision = spec.policy.decide(standing.actor, facts);
    const purpose = spec.purpose ?? spec.policy.purposeOf?.(standing.actor, facts);
    const rowsFor = (outcome: AuditOutcome, said: { done?: Done; reason?: string }) =>
      rowsOf(spec, input, outcome, said).map((row) => (purpose ? { ...row, purpose } : row));
    if (!decision.allowed) {
      await record(tx, rowsFor("denied", { reason: decision.reason }), "each");
      return { decision, facts };
    }
    const done = await spec.run(tx, input, facts, prepared);
    await record(tx, rowsFor("success", { done }), spec.audit.how);
    service.crashPoint("before-commit");
    return { decision: undefined, facts, done };
  };
  return service.db.transaction(held, work, { isPlannedOnce: spec.isPlannedOnce?.(input) ?? false });
}

const failingFor = <I extends z.ZodType, P, Facts, Done>(
  { whenAuditFails, audit, policy }: Common<I, P, Facts, Done>,
  facts: Facts | undefined,
): AuditFailing => {
  const failing = whenAuditFails ?? failingOf(audit.how === "none" ? undefined : audit.verb);
  return failing === "spool" && facts !== undefined && policy.isEmergency?.(facts)
    ? "open-and-count"
    : failing;
};

/**
 * The audit insert failed and took its transaction along: the action is run once more without it, its rows set aside, and
 * they go to the spool before anything is released. A change is rolled back from within, as without its row it may not be.
 */
async function onceOverSpool<I extends z.ZodType, P, Facts, Done>(
  ctx: Ctx,
  spec: Common<I, P, Facts, Done>,
  input: z.output<I>,
  prepared: P,
  cause: AuditNotWritten,
): Promise<Ended<Facts, Done>> {
  let aside: AuditRow[] = [];
  const ended = await once(
    ctx,
    { ...spec, run: runUnlessChange(spec, cause) },
    input,
    prepared,
    async (_tx, rows) => {
      aside = rows;
    },
  );
  try {
    await spoolAudit(ctx, aside);
  } catch (error) {
    if (failingFor(spec, ended.facts) !== "open-and-count") throw new AuditUnavailable({ cause: error });
    ctx.service.log({ level: "error", event: "audit.unrecorded", action: spec.name, rows: aside.length });
    await markUnrecorded(ctx, spec, ended);
  }
  return ended;
}

async function markUnrecorded<I extends z.ZodType, P, Facts, Done>(
  ctx: Ctx,
  { name, onUnrecorded }: Common<I, P, Facts, Done>,
  ended: Ended<Facts, Done>,
): Promise<void> {
  if (!onUnrecorded || ended.decision) return;
  const held = factsFor(ctx);
  await ctx.service.db
    .transaction(held, (db) =>
      onUnrecorded(openTx(db, { actor: ctx.actor, session: undefined }, held.now), ended.done),
    )
    .catch(() => ctx.service.log({ level: "error", event: "audit.unrecorded-not-marked", action: name }));
}

const runUnlessChange =
  <I extends z.ZodType, P, Facts, Done>(
    spec: Common<I, P, Facts, Done>,
    cause: AuditNotWritten,
  ): Common<I, P, Facts, Done>["run"] =>
  (tx, input, facts, prepared) => {
    if (failingFor(spec, facts) === "roll-back") throw new AuditUnavailable({ cause });
    return spec.run(tx, input, facts, prepared);
  };

async function transact<I extends z.ZodType, P, Facts, Done>(
  ctx: Ctx,
  spec: Common<I, P, Facts, Done>,
  input: z.output<I>,
  prepared: P,
): Promise<Done> {
  try {
    const ended = await once(ctx, spec, input, prepared, toTable(ctx)).catch((error: unknown) => {
      if (!(error instanceof AuditNotWritten)) throw error;
      return onceOverSpool(ctx, spec, input, prepared, error);
    });
    ctx.service.crashPoint("after-commit");
    if (ended.decision) throw refused(ended.decision, spec.absent);
    return ended.done;
  } catch (thrown) {
    const error = knownOf(ctx, thrown);
    if (!(error instanceof AccessDenied) && !isHidden(error)) await leaveFailure(ctx, spec, input, error);
    throw error;
  }
}

/** A database that is away or slow is no fault of ours: every door says so. */
function knownOf({ service }: Ctx, error: unknown): unknown {
  if (error instanceof WealdError) return error;
  const why = service.db.unavailability(error);
  return why ? new DatabaseUnavailable(why, { cause: error }) : error;
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
    const rows = rowsOf(spec, input, "failure", { reason });
    await ctx.service.db
      .transaction(held, (db) =>
        appendAudit(openTx(db, { actor: ctx.actor, session: undefined }, held.now), ctx, rows),
      )
      .catch((error: unknown) => {
        // Our own functions try again and again: their failures would fill the spool with themselves.
        if (!(error instanceof AuditNotWritten) || ctx.actor.kind === "system") throw error;
        return spoolAudit(ctx, rows);
      });
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
  ...(spec.admits ? { admits: spec.admits } : {}),
  ...(spec.display ? { display: spec.display } : {}),
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
