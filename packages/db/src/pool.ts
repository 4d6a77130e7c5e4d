import pg from "pg";

/** A connection that the server ends while nobody asks is replaced at the next use. Unheard, its error would end the process. */
export function createPool({ connectionString, max }: { connectionString: string; max: number }): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  return pool;
}
