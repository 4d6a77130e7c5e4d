import pMap from "p-map";
import { z } from "zod";
import { type Ctx, defineAction } from "../kernel/index.ts";
import { ObjectNotFound } from "../ports/index.ts";
import { systemOnly } from "./audit.policy.ts";
import { judgeSeal, type SealFault, type SealRow } from "./judge-seal.ts";
import { findGaps, findRows, findSealedChains, findSeals, writeVerification } from "./seal.store.ts";
import { Seal, sealKey } from "./seal.ts";

const PAGE = 50;
/** A seal of just now may be on its way. */
const COPIED_WITHIN_MS = 10 * 60_000;
const MOST_FAULTS = 200;
const DAYS = 40;
/** Of what is older than that, so much a night: all of it in a month. */
const SLICES = 30;

const Scope = z.object({ since: z.date(), slice: z.number(), of: z.number() });

const chains = defineAction({
  name: "audit.sealed-chains",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  run: (tx) => findSealedChains(tx),
  audit: { how: "none" },
});

const gaps = defineAction({
  name: "audit.seal-gaps",
  input: z.object({ chain: z.string() }),
  policy: systemOnly,
  load: async () => null,
  run: (tx, { chain }) => findGaps(tx, chain),
  audit: { how: "none" },
});

const page = defineAction({
  name: "audit.read-seals",
  input: z.object({ chain: z.string(), after: z.number(), scope: Scope }),
  policy: systemOnly,
  load: async () => null,
  run: (tx, { chain, after, scope }) => findSeals(tx, chain, after, scope, PAGE),
  audit: { how: "none" },
});

const rowsOf = defineAction({
  name: "audit.read-sealed-rows",
  input: z.object({ chain: z.string(), xidFrom: z.bigint(), xidTo: z.bigint() }),
  policy: systemOnly,
  load: async () => null,
  run: (tx, { chain, xidFrom, xidTo }) => findRows(tx, chain, xidFrom, xidTo),
  audit: { how: "none" },
});

const keep = defineAction({
  name: "audit.write-verification",
  input: z.object({ seals: z.number(), rows: z.number(), faults: z.array(z.custom<SealFault>()) }),
  policy: systemOnly,
  load: async () => null,
  run: (tx, found) => writeVerification(tx, found),
  audit: { how: "none" },
});

async function copyOf(
  ctx: Ctx,
  of: { chain: string; number: number },
): Promise<Seal | "altered" | undefined> {
  try {
    const parts: Uint8Array[] = [];
    for await (const part of await ctx.service.ports.seals.read(sealKey(of))) parts.push(part);
    return Seal.parse(JSON.parse(Buffer.concat(parts).toString("utf8")));
  } catch (error) {
    if (error instanceof ObjectNotFound) return undefined;
    if (error instanceof SyntaxError || error instanceof z.ZodError) return "altered";
    throw error;
  }
}

async function judge(ctx: Ctx, row: SealRow): Promise<{ rows: number; faults: SealFault[] }> {
  const copy = await copyOf(ctx, row);
  const ageMs = ctx.service.now().getTime() - row.sealedAt.getTime();
  if (!copy && ageMs < COPIED_WITHIN_MS) return { rows: 0, faults: [] };
  if (copy === "altered")
    return { rows: 0, faults: [{ chain: row.chain, number: row.number, kind: "copy-altered" }] };
  // The range of the copy: the database's own may have been moved off what it hides.
  const [xidFrom, xidTo] = copy ? [BigInt(copy.xidFrom), BigInt(copy.xidTo)] : [row.xidFrom, row.xidTo];
  const rows = await rowsOf(ctx, { chain: row.chain, xidFrom, xidTo });
  return { rows: rows.length, faults: judgeSeal(row, copy, rows) };
}

/** Chains of the locked bucket: each is found behind the last key of the one before. */
async function copiedChains(ctx: Ctx): Promise<string[]> {
  const found: string[] = [];
  for (let after = ""; ; ) {
    let next: string | undefined;
    for await (const { key } of ctx.service.ports.seals.list("seals/", { after, limit: 1 })) next = key;
    const chain = next?.split("/")[1];
    if (!chain) return found;
    found.push(chain);
    after = `seals/${chain}/~`;
  }
}

/** Copies beyond the last link that the database has: what was dropped from its end. */
async function dropped(ctx: Ctx, chain: string, last: number): Promise<SealFault[]> {
  const found: SealFault[] = [];
  const after = sealKey({ chain, number: last });
  for await (const { key } of ctx.service.ports.seals.list(`seals/${chain}/`, { after, limit: MOST_FAULTS }))
    found.push({ chain, number: Number(/(\d+)\.json$/.exec(key)?.[1] ?? 0), kind: "seal-missing" });
  return found;
}

type Found = { seals: number; rows: number; faults: SealFault[] };

async function verifyChain(
  ctx: Ctx,
  { chain, last }: { chain: string; last: number },
  scope: z.output<typeof Scope>,
): Promise<Found> {
  const found: Found = { seals: 0, rows: 0, faults: await dropped(ctx, chain, last) };
  for (const number of await gaps(ctx, { chain })) found.faults.push({ chain, number, kind: "seal-missing" });
  for (let after = 0; found.faults.length < MOST_FAULTS; ) {
    const seals = await page(ctx, { chain, after, scope });
    for (const one of await pMap(seals, (row) => judge(ctx, row), { concurrency: 4 })) {
      found.rows += one.rows;
      found.faults.push(...one.faults);
    }
    found.seals += seals.length;
    after = seals.at(-1)?.number ?? after;
    if (seals.length < PAGE) break;
  }
  return { ...found, faults: found.faults.sort((a, b) => a.number - b.number) };
}

/**
 * Computes every seal again from its rows and compares it with its locked copy. The first fault of a chain is its first
 * broken link; each names the rows. The newest 40 days each night, of what is older a thirtieth.
 */
async function verify(ctx: Ctx, _input: Record<string, never>): Promise<Found> {
  const now = ctx.service.now();
  const scope = {
    since: new Date(now.getTime() - DAYS * 86_400_000),
    slice: now.getUTCDate() % SLICES,
    of: SLICES,
  };
  const known = await chains(ctx, {});
  const forgotten = (await copiedChains(ctx)).filter((chain) => !known.some((one) => one.chain === chain));
  const all: Found = { seals: 0, rows: 0, faults: [] };
  for (const one of [...known, ...forgotten.map((chain) => ({ chain, last: 0 }))]) {
    const { seals, rows, faults } = await verifyChain(ctx, one, scope);
    all.seals += seals;
    all.rows += rows;
    all.faults.push(...faults);
  }
  for (const { chain, number, kind, rowIds } of all.faults)
    ctx.service.log({
      level: "error",
      event: "audit.seal-broken",
      chain,
      number,
      kind,
      rows: rowIds?.length ?? 0,
      first: rowIds?.[0],
    });
  await keep(ctx, all);
  return all;
}

export const verifySeals = Object.assign(verify, {
  actionName: "audit.verify-seals",
  input: chains.input,
  policy: chains.policy,
  audit: chains.audit,
});
