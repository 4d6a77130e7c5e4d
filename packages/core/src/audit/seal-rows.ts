import { z } from "zod";
import { type Ctx, defineAction, type Tx } from "../kernel/index.ts";
import { ObjectExists } from "../ports/index.ts";
import { systemOnly } from "./audit.policy.ts";
import type { SealRow } from "./judge-seal.ts";
import {
  findChains,
  findCut,
  findFrontier,
  findLastSeals,
  findRows,
  lockSealing,
  writeSeal,
} from "./seal.store.ts";
import { type Link, type Seal, sealBytes, sealKey, sealOf } from "./seal.ts";

const MOST_ROWS = 2000;
/** How far back a round looks for seals whose copy did not get out: an hour and more of a store that was away. */
const LOOKS_BACK = 100;

async function sealChain(tx: Tx, before: Link, to: bigint): Promise<Seal> {
  const seal = sealOf(before, to, tx.now, await findRows(tx, before.chain, before.xidTo, to));
  await writeSeal(tx, seal);
  return seal;
}

async function sealAll(tx: Tx) {
  await lockSealing(tx);
  const { from, open } = await findFrontier(tx);
  const to = await findCut(tx, from, open, MOST_ROWS);
  const sealed: Seal[] = [];
  for (const before of await findChains(tx, from, to)) sealed.push(await sealChain(tx, before, to));
  return { sealed, isMore: to < open };
}

const write = defineAction({
  name: "audit.write-seals",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  run: (tx) => sealAll(tx),
  audit: { how: "none" },
});

const last = defineAction({
  name: "audit.last-seals",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  run: (tx) => findLastSeals(tx, LOOKS_BACK),
  audit: { how: "none" },
});

/** A seal that has no copy yet, made again from its rows; not where they are no longer those that were sealed. */
const remake = defineAction({
  name: "audit.remake-seal",
  input: z.object({
    chain: z.string(),
    number: z.number(),
    xidFrom: z.bigint(),
    xidTo: z.bigint(),
    previous: z.string(),
    sealedAt: z.date(),
  }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { chain, number, xidFrom, xidTo, previous, sealedAt }) {
    const before = { chain, number: number - 1, xidTo: xidFrom, root: previous };
    return sealOf(before, xidTo, sealedAt, await findRows(tx, chain, xidFrom, xidTo));
  },
  audit: { how: "none" },
});

/** A number that is taken by other bytes: a seal of the database was dropped or altered. The copy stays as it was. */
async function copy(ctx: Ctx, seal: Seal): Promise<void> {
  try {
    await ctx.service.ports.seals.put(sealKey(seal), sealBytes(seal), "application/json");
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
    ctx.service.log({ level: "error", event: "audit.seal-taken", chain: seal.chain, number: seal.number });
  }
}

/** Newest first, until one has its copy: those before it have theirs. */
async function uncopied(ctx: Ctx, seals: readonly SealRow[]): Promise<SealRow[]> {
  const lacking: SealRow[] = [];
  const done = new Set<string>();
  for (const seal of seals) {
    if (done.has(seal.chain)) continue;
    if (await ctx.service.ports.seals.head(sealKey(seal))) done.add(seal.chain);
    else lacking.push(seal);
  }
  return lacking.toReversed();
}

async function copyLeft(ctx: Ctx): Promise<void> {
  for (const row of await uncopied(ctx, await last(ctx, {}))) {
    const seal = await remake(ctx, row);
    if (seal.root === row.root) await copy(ctx, seal);
    else
      ctx.service.log({
        level: "error",
        event: "audit.seal-not-remade",
        chain: row.chain,
        number: row.number,
      });
  }
}

/**
 * Seals what no open transaction can add to any more, a chain a custodian, and copies each seal to the locked bucket. A
 * copy that did not get out is made again by the next round.
 */
async function seal(ctx: Ctx, input: Record<string, never>) {
  const { sealed, isMore } = await write(ctx, input);
  for (const one of sealed) await copy(ctx, one);
  if (!isMore) await copyLeft(ctx);
  return { sealed: sealed.length, rows: sealed.reduce((sum, { rows }) => sum + rows.length, 0), isMore };
}

export const sealRows = Object.assign(seal, {
  actionName: "audit.seal-rows",
  input: write.input,
  policy: write.policy,
  audit: write.audit,
});
