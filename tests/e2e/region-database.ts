import { readFileSync } from "node:fs";
import pg from "pg";

/** Asks the running region's database, as its owner: for what no page of it can do. */
export async function inRegionDatabase<T extends pg.QueryResultRow>(
  sql: string,
  values: unknown[],
): Promise<pg.QueryResult<T>> {
  const secrets = JSON.parse(readFileSync(`${process.env.WEALD_E2E_HOME}/secrets.json`, "utf8"));
  const client = new pg.Client({
    ...{ host: "127.0.0.1", port: Number(process.env.WEALD_E2E_PORT) + 3 },
    ...{ database: "weald", user: "postgres", password: secrets.postgresPassword },
  });
  await client.connect();
  return client.query<T>(sql, values).finally(() => client.end());
}
