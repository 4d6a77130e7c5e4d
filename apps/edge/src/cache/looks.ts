import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { EdgeConfig } from "../config.ts";
import { type Credentials, caller, RegionRefused, tokens } from "../forward/region-client.ts";
import type { Item, Spool } from "../ledger/index.ts";
import type { Presence } from "./presence.ts";

/** One answer that was given from what is kept here. */
const Look = z.object({
  clientId: z.string(),
  look: z.object({
    lookId: z.uuid(),
    verb: z.enum(["listed", "taken-out"]),
    lookedAt: z.string(),
    asOf: z.string(),
    by: z.string(),
    to: z.string().optional(),
    count: z.number(),
    studies: z.array(z.object({ studyId: z.string(), patientId: z.string() })),
  }),
});
type Look = z.output<typeof Look>;
export type NewLook = Omit<Look["look"], "lookId" | "lookedAt">;

/** On the disk when it resolves: nothing is shown before. */
export async function noteLook(spool: Spool, clientId: string, look: NewLook): Promise<void> {
  const said: Look = {
    clientId,
    look: { ...look, lookId: randomUUID(), lookedAt: new Date().toISOString() },
  };
  await spool.add(
    { kind: "look", urgency: "routine", stream: look.by, keys: [] },
    Buffer.from(JSON.stringify(said)),
  );
}

async function readLook(spool: Spool, item: Item): Promise<{ item: Item; said: Look }> {
  const pieces: Uint8Array[] = [];
  for await (const piece of spool.read(item)) pieces.push(piece);
  return { item, said: Look.parse(JSON.parse(Buffer.concat(pieces).toString("utf8"))) };
}

/** What a client asks with for what is kept for it: its own rights, and the word that nobody looks yet. */
export const cacheTokens = (
  { issuer, portalUrl }: EdgeConfig["region"],
  { id, secret, scope }: Credentials,
  withinMs?: number,
) => tokens(issuer, portalUrl, { id, secret, scope: `${scope} edge.cache` }, withinMs);

/** Tells the region of looks, as the client that was shown something. Throws as the region's client does. */
export function lookSender(spool: Spool, config: EdgeConfig, { met }: Presence) {
  const asked = new Map<string, ReturnType<typeof caller>>();
  for (const { client } of config.applicationEntities)
    if (client && !asked.has(client.id))
      asked.set(client.id, caller(config.region.portalUrl, cacheTokens(config.region, client), { met }));

  return async (items: readonly Item[]): Promise<void> => {
    const looks = await Promise.all(items.map((item) => readLook(spool, item)));
    for (const clientId of new Set(looks.map(({ said }) => said.clientId))) {
      const ask = asked.get(clientId);
      if (!ask) throw new RegionRefused(0, "LOOK_CLIENT_GONE", "The client is no longer configured.");
      const own = looks.filter(({ said }) => said.clientId === clientId);
      await ask("study.recordEdgeLooks", { looks: own.map(({ said }) => said.look) }, z.unknown());
      await spool.settle(own.map(({ item }) => ({ item, outcome: "accepted" })));
    }
  };
}
