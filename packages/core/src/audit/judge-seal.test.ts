import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SealableRow } from "./canonical.ts";
import { judgeSeal, type SealRow } from "./judge-seal.ts";
import { NOTHING_BEFORE, type Seal, sealOf } from "./seal.ts";

const AT = new Date("2026-11-02T09:30:00Z");
const START = { chain: "RXC", number: 0, xidTo: 0n, root: NOTHING_BEFORE };
const idOf = (n: number) => `0199a000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const rowOf = (n: number, more: Partial<SealableRow> = {}): SealableRow => ({
  id: idOf(n),
  at: AT,
  action: "study.open",
  verb: "opened",
  outcome: "success",
  reason: null,
  actorKind: "person",
  actorId: `p-${n}`,
  role: null,
  organisation: "RXC",
  purpose: null,
  patientId: null,
  studyId: null,
  custodian: "RXC",
  door: "portal",
  correlationId: "c",
  fromAddress: null,
  fromSystem: null,
  sessionId: null,
  isPrefetch: false,
  detail: { rows: n, by: "name" },
  xid: BigInt(n),
  ...more,
});
const heldOf = (seal: Seal, rootBefore?: string): SealRow => ({
  chain: seal.chain,
  number: seal.number,
  xidFrom: BigInt(seal.xidFrom),
  xidTo: BigInt(seal.xidTo),
  count: seal.rows.length,
  root: seal.root,
  previous: seal.previous,
  sealedAt: new Date(seal.sealedAt),
  rootBefore,
});
const ROWS = [rowOf(1), rowOf(2), rowOf(3)];
const SEAL = sealOf(START, 4n, AT, ROWS);
const kinds = (held: SealRow, copy: Seal | undefined, rows: readonly SealableRow[]) =>
  judgeSeal(held, copy, rows).map(({ kind, rowIds }) => [kind, ...(rowIds ?? [])]);

describe("a seal", () => {
  it("holds over the same rows, in whatever order they are read", () =>
    fc.assert(
      fc.property(fc.shuffledSubarray(ROWS, { minLength: ROWS.length }), (rows) => {
        expect(sealOf(START, 4n, AT, rows).root).toBe(SEAL.root);
        expect(judgeSeal(heldOf(SEAL), SEAL, rows)).toEqual([]);
      }),
    ));

  it("names the row that was altered, whichever column it was", () => {
    const changed: Partial<SealableRow>[] = [
      { actorId: "another" },
      { at: new Date(AT.getTime() + 1) },
      { outcome: "denied" },
      { patientId: idOf(9) },
      { detail: { by: "name", rows: 9 } },
      { fromAddress: "203.0.113.7" },
      { isPrefetch: true },
    ];
    for (const more of changed)
      expect(kinds(heldOf(SEAL), SEAL, [rowOf(1), rowOf(2, more), rowOf(3)])).toEqual([
        ["row-altered", idOf(2)],
      ]);
  });
  it("isn't moved by the order of the keys in a row's detail, which the database chooses", () =>
    expect(
      kinds(heldOf(SEAL), SEAL, [rowOf(1, { detail: { by: "name", rows: 1 } }), rowOf(2), rowOf(3)]),
    ).toEqual([]));
  it("names a row that was taken away, and one that was put in", () =>
    expect(kinds(heldOf(SEAL), SEAL, [rowOf(1), rowOf(3), rowOf(2, { id: idOf(7) })])).toEqual([
      ["row-missing", idOf(2)],
      ["row-inserted", idOf(7)],
    ]));
  it("of the database that says otherwise than its locked copy was altered", () => {
    for (const more of [{ root: "f".repeat(64) }, { count: 2 }, { xidTo: 9n }, { previous: "e".repeat(64) }])
      expect(kinds({ ...heldOf(SEAL), ...more }, SEAL, ROWS)).toEqual([["seal-altered"]]);
  });
  it("without its copy, or with a copy that isn't what it says, is told", () => {
    expect(kinds(heldOf(SEAL), undefined, ROWS)).toEqual([["copy-missing"]]);
    expect(kinds(heldOf(SEAL), { ...SEAL, sealedAt: "2026-11-02T09:31:00.000Z" }, ROWS)).toContainEqual([
      "copy-altered",
    ]);
  });
  it("that doesn't follow the one before breaks its chain", () => {
    const next = sealOf({ ...START, number: 1, xidTo: 4n, root: SEAL.root }, 9n, AT, [rowOf(5)]);
    expect(kinds(heldOf(next, SEAL.root), next, [rowOf(5)])).toEqual([]);
    expect(kinds(heldOf(next, "another"), next, [rowOf(5)])).toEqual([["chain-broken"]]);
  });
});
