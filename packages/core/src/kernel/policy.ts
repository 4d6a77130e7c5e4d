import type { Actor } from "./actor.ts";
import type { Purpose } from "./purpose.ts";

/** `reason` is a stable code that the audit keeps. `hide` makes a refusal look like absence (hidden, withheld, open). */
export type Decision = { allowed: true } | { allowed: false; reason: string; hide?: true };

export const allow: Decision = { allowed: true };
export const deny = (reason: string): Decision => ({ allowed: false, reason });
export const hide = (reason: string): Decision => ({ allowed: false, reason, hide: true });

export type PolicyCase<Facts> = { says: string; actor: Actor; facts: Facts; expect: "allow" | string };

/** Pure and synchronous, so that it can be tabulated in a test and never be a forgotten await. */
export type Policy<Facts> = {
  readonly name: string;
  decide(actor: Actor, facts: Facts): Decision;
  /** What is known says that a patient may be in danger: a look then goes on though it can't be recorded, and is counted. */
  isEmergency?(facts: Facts): boolean;
  /** What the look is for, where what is known says it finer than the role does. */
  purposeOf?(actor: Actor, facts: Facts): Purpose | undefined;
  readonly cases: readonly PolicyCase<Facts>[];
};

/** A policy as an action needs it: it may ask for less than the action loads. */
export type Decider<Facts> = {
  readonly name: string;
  decide(actor: Actor, facts: Facts): Decision;
  isEmergency?(facts: Facts): boolean;
  purposeOf?(actor: Actor, facts: Facts): Purpose | undefined;
  readonly cases: readonly { readonly says: string; readonly expect: string }[];
};

export const definePolicy = <Facts>(policy: Policy<Facts>): Policy<Facts> => policy;
