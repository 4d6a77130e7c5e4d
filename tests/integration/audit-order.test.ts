import * as Audit from "@weald/core/audit";
import type { Ctx } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, rows, systemCtx } from "./sent.ts";

const WRITE =
  "INSERT INTO audit_event (id, action, verb, outcome, actor_kind, actor_id, door, correlation_id, custodian) VALUES (uuidv7(), 'test.long', 'opened', 'success', 'system', 'x', 'test', 'c', $1)";

describe("rows that come in any order, under transactions that stay open", () => {
  let region: Region;
  let system: Ctx;
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    region = await Region.create();
    system = systemCtx(region);
    for (let n = 0; n < 4; n += 1) {
      const client = new pg.Client({ connectionString: region.environment.WEALD_DATABASE_URL });
      await client.connect();
      clients.push(client);
    }
  });
  afterAll(async () => {
    for (const client of clients) await client.end();
    await region.stop();
  });

  /** What a writer does next: begins and writes a row, ends well, ends badly; or the sealer's turn. */
  const step = fc.oneof(
    fc.record({ who: fc.nat({ max: 3 }), does: fc.constantFrom("write", "commit", "rollback") }),
    fc.constant({ who: -1, does: "seal" }),
  );

  it("are each sealed exactly once, never missed, and a row that was committed late lands in a later seal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const open = new Set<number>();
        for (const { who, does } of steps) {
          const client = clients[who];
          if (!client) await Audit.sealRows(system, {});
          else if (does === "write") {
            if (!open.has(who)) await client.query("BEGIN");
            open.add(who);
            await client.query(WRITE, [who % 2 === 0 ? "RXC" : "RTK"]);
          } else if (open.delete(who)) await client.query(does.toUpperCase());
        }
        for (const who of open) await clients[who]?.query("COMMIT");
        const until = Date.now() + 30_000;
        for (;;) {
          await Audit.sealRows(system, {});
          const [count] = await rows<{ sealed: number; there: number }>(
            region,
            "SELECT (SELECT coalesce(sum(count), 0)::int FROM audit_seal) AS sealed, (SELECT count(*)::int FROM audit_event) AS there",
          );
          if (count?.sealed === count?.there) break;
          if (Date.now() > until) throw new Error(`${count?.sealed} of ${count?.there} rows are sealed`);
        }
      }),
      { numRuns: 12 },
    );
    expect((await Audit.verifySeals(at(system, new Date(Date.now() + 3_600_000)), {})).faults).toEqual([]);
  });
});
