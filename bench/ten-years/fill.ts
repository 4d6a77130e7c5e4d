import type { Region } from "@weald/dev-env/region";
import { FILLED, fillingOf } from "@weald/tests/fixtures/many-studies.ts";
import { asOwner } from "@weald/tests/fixtures/plans.ts";
import type pg from "pg";

/** Studies of one transaction. */
export const BATCH = 1_000_000;
/** As 17 million studies are of five million people. */
export const PATIENTS_A_BATCH = 300_000;

type Index = { name: string; definition: string };

/** Those that no constraint needs. */
async function indexesOf(owner: pg.Client): Promise<Index[]> {
  const { rows } = await owner.query<Index>(
    `SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relname IN ('patient_record', 'study', 'series', 'report', 'report_version') AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid) ORDER BY 1`,
  );
  return rows;
}

/** An index of many rows is built sooner than it grows. Afterwards each is there again, word for word. */
async function withoutIndexes(owner: pg.Client, work: () => Promise<void>): Promise<void> {
  const indexes = await indexesOf(owner);
  for (const { name } of indexes) await owner.query(`DROP INDEX ${name}`);
  await work();
  for (const { definition } of indexes) await owner.query(definition);
  if (JSON.stringify(await indexesOf(owner)) !== JSON.stringify(indexes))
    throw new Error("the indexes are not those that the migrations made");
}

async function fillBatch(owner: pg.Client, from: number): Promise<void> {
  await owner.query("BEGIN");
  await owner.query("SET LOCAL session_replication_role = replica");
  for (const one of fillingOf({ studies: BATCH, patients: PATIENTS_A_BATCH, from, reports: true }))
    await owner.query(one);
  await owner.query("COMMIT");
}

/** Fills a region from so many studies to so many, whole millions, and lets the planner know of them. */
export const fillBatches = (region: Region, { from, to }: { from: number; to: number }): Promise<void> =>
  asOwner(region, async (owner) => {
    await owner.query("ALTER SYSTEM SET max_wal_size = '8GB'");
    await owner.query("SELECT pg_reload_conf()");
    await owner.query("SET maintenance_work_mem = '1GB'");
    await withoutIndexes(owner, async () => {
      for (let at = from; at < to; at += BATCH) {
        await fillBatch(owner, at);
        console.error("filled to", at + BATCH);
      }
    });
    await owner.query(`VACUUM ANALYZE ${FILLED}`);
  });
