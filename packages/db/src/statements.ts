import { Prisma } from "./generated/prisma/client.ts";

/** Each is kept, with its plan, by each connection that has run it: so many have names, whatever else is asked. */
const MOST = 200;
const IS_PLANNED = /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/i;

export type Statements = {
  /** By its name PostgreSQL knows a statement that a connection has run before, and needn't plan it again. Empty: it has none. */
  nameOf(text: string): string;
  /** A statement's answer has another shape than when it was planned: a column was changed meanwhile. All are planned anew. */
  forget(): void;
};

/** @see PostgreSQL, "PREPARE": after five runs the plan for any values is kept where it costs no more than those for each value. */
export function createStatements(most = MOST): Statements {
  let names = new Map<string, string>();
  let made = 0;
  return {
    nameOf(text) {
      const known = names.get(text);
      if (known !== undefined) return known;
      if (names.size >= most || !IS_PLANNED.test(text)) return "";
      made += 1;
      names.set(text, `weald_${made}`);
      return `weald_${made}`;
    },
    // No number is given twice: the old names stay with what they meant.
    forget() {
      names = new Map();
    },
  };
}

/**
 * For the rest of a transaction. PostgreSQL itself goes by what plans are estimated to cost, in which making them counts for little: a list of
 * twenty tables that runs for 4 ms was planned anew each time, for 3. @see PostgreSQL, "plan_cache_mode"
 */
export const PLANNED_ONCE = Prisma.sql`set_config('plan_cache_mode', 'force_generic_plan', true)`;

/**
 * The same condition, said so that the planner takes it for true of nearly all: what a search begins from holds to it already, and taken for
 * rare twice over all of that would be read for a page. (`coalesce(…, false)` it takes for true of half.)
 */
export const unweighed = (condition: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`nullif(${condition}, false) IS NOT NULL`;

/**
 * "LIMIT", with the number as part of the statement: a plan that is kept for any values would otherwise be made for a tenth of all rows. Only
 * for numbers of our own: each is a statement of its own.
 */
export function limitOf(rows: number): Prisma.Sql {
  if (!Number.isSafeInteger(rows) || rows < 0) throw new RangeError(`no number of rows: ${rows}`);
  return Prisma.raw(`LIMIT ${rows}`);
}
