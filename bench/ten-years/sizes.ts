import { performance } from "node:perf_hooks";
import type pg from "pg";

/** Examinations a year, and a day. */
const A_YEAR = 1_700_000;
const A_DAY = Math.round(A_YEAR / 365);
const TABLES = [
  "study",
  "series",
  "report",
  "report_version",
  "patient_record",
  "name_word",
  "study_facet",
] as const;

type Table = { name: string; rows: number; tableMb: number; indexMb: number };
type Index = { name: string; mb: number };

/** What each table takes with its indexes, and what a study comes to in all. */
export async function sizes(owner: pg.Client, studies: number) {
  const { rows: tables } = await owner.query<Table>(
    `SELECT relname AS name, reltuples::bigint::float8 AS rows, round(pg_table_size(oid) / 1e6)::int AS "tableMb", round(pg_indexes_size(oid) / 1e6)::int AS "indexMb"
     FROM pg_class WHERE relname = ANY ($1) ORDER BY pg_total_relation_size(oid) DESC`,
    [TABLES],
  );
  const { rows: indexes } = await owner.query<Index>(
    `SELECT c.relname AS name, round(pg_relation_size(c.oid) / 1e6)::int AS mb FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relname = ANY ($1) ORDER BY pg_relation_size(c.oid) DESC`,
    [TABLES],
  );
  const mb = tables.reduce((sum, { tableMb, indexMb }) => sum + tableMb + indexMb, 0);
  return {
    tables,
    "indexes, MB": Object.fromEntries(indexes.map((one) => [one.name, one.mb])),
    bytesAStudy: Math.round((mb * 1e6) / studies),
    "growth a year, GB": Number(((mb / studies) * (A_YEAR / 1000)).toFixed(1)),
  };
}

/** Of the two largest tables, after a day's studies were each changed once. */
export async function vacuums(owner: pg.Client): Promise<Record<string, number>> {
  await owner.query("SELECT weald.begin_as(NULL, '', now())");
  const seconds: Record<string, number> = {};
  for (const table of ["study", "series"]) {
    await owner.query(
      `UPDATE ${table} SET attributes = attributes WHERE id IN (SELECT id FROM ${table} ORDER BY id DESC LIMIT ${A_DAY})`,
    );
    const from = performance.now();
    await owner.query(`VACUUM ANALYZE ${table}`);
    seconds[`${table}, ${A_DAY} rows changed`] = Number(((performance.now() - from) / 1000).toFixed(1));
  }
  return seconds;
}
