import { inRegionDatabase } from "./region-database.ts";

/** Waiting that nobody waits for here: what a link remembers of its tries, and its end, are moved back in the region's database. */
async function ask(sql: string, values: unknown[]): Promise<void> {
  const { rowCount } = await inRegionDatabase(sql, values);
  if (!rowCount) throw new Error("nothing was there to wait for");
}

/** As if so many minutes had gone by since codes were tried. */
export const waitAfterTries = (minutes: number): Promise<void> =>
  ask("UPDATE link_try SET at = at - make_interval(mins => $1)", [minutes]);

/** As if the last day of what was passed on to this address were over. */
export const waitUntilOver = (address: string): Promise<void> =>
  ask("UPDATE patient_link SET ends_at = now() - interval '1 second' WHERE passed_address = $1", [address]);
