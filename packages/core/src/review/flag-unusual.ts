import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import { findProgress, moveProgress, raiseFlag } from "./flag.store.ts";
import { judgeStatements } from "./judge-statements.ts";
import { factsOf, looksOf } from "./look-facts.ts";
import { systemOnly } from "./review.policy.ts";
import { DELAYS, type Delay, judgeLook } from "./unusual.ts";

const HOUR = 3_600_000;
const STEP = HOUR / 4;
const MOST = 4000;
/** The first time: what is on record of the last day. */
const BACK = 24 * HOUR;

async function flagStep(tx: Tx, after: Delay): Promise<{ flags: number; isMore: boolean }> {
  const end = tx.now.getTime() - after * HOUR;
  const from = (await findProgress(tx, after))?.getTime() ?? end - BACK;
  const until = Math.min(from + STEP, end);
  if (until <= from) return { flags: 0, isMore: false };
  const events = await Audit.findLooksBetween(tx, {
    from: new Date(from - HOUR),
    until: new Date(until),
    limit: MOST,
  });
  const all = looksOf(events);
  const looks = all.filter(({ at }) => at.getTime() >= from);
  const factsFor =
    looks.length > 0
      ? await factsOf(
          tx,
          looks,
          all.filter(({ at }) => at.getTime() < from),
        )
      : undefined;
  let flags = 0;
  for (const look of looks) {
    const rules = factsFor ? judgeLook(look, factsFor(look), after) : [];
    if (rules.length === 0) continue;
    await raiseFlag(tx, look, rules);
    flags += 1;
  }
  await moveProgress(tx, after, new Date(until));
  return { flags, isMore: until < end };
}

/**
 * Judges the looks that came since the last time, a quarter of an hour of them for each delay of the rules, and the statements
 * whose 72 hours are over. Judged again, a look raises no second flag.
 */
export const flagUnusual = defineAction({
  name: "review.flag-unusual",
  purpose: "audit",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  async run(tx) {
    const steps = [];
    for (const after of DELAYS) steps.push(await flagStep(tx, after));
    steps.push(await judgeStatements(tx));
    return {
      flags: steps.reduce((sum, { flags }) => sum + flags, 0),
      isMore: steps.some(({ isMore }) => isMore),
    };
  },
  audit: { how: "none" },
});
