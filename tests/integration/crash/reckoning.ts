import type { ObjectStore } from "@weald/core/ports";
import { expect } from "vitest";
import type { CrashRegion } from "./crash-region.ts";
import { type Acknowledged, sha256 } from "./sender.ts";

type ItemRow = { id: string; outcome: string | null; instance_id: string | null };
type InstanceRow = { id: string; object_key: string; sha256_received: string; sha256_stored: string };
type QuarantineRow = { inbox_item_id: string; object_key: string };

async function bytesAt(store: ObjectStore, key: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await store.read(key)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

const isOnce = (all: readonly string[]) => expect(new Set(all).size).toBe(all.length);

/** Every acknowledged object is there once, whole, or waits in quarantine; and nothing else is anywhere. */
export async function reckon(
  { region, database }: Pick<CrashRegion, "region" | "database">,
  sent: readonly Acknowledged[],
): Promise<void> {
  const { inbox, archive } = region.service.ports;
  const items = await database.query<ItemRow>("SELECT id, outcome, instance_id FROM inbox_item");
  const instances = await database.query<InstanceRow>(
    "SELECT id, object_key, sha256_received, sha256_stored FROM instance",
  );
  const quarantined = await database.query<QuarantineRow>(
    "SELECT inbox_item_id, object_key FROM quarantine_item",
  );
  const itemOf = new Map(items.rows.map((row) => [row.id, row]));
  const instanceOf = new Map(instances.rows.map((row) => [row.id, row]));
  const quarantinedOf = new Map(quarantined.rows.map((row) => [row.inbox_item_id, row]));

  for (const object of sent) {
    const item = itemOf.get(object.itemId);
    expect(item?.outcome).toBe(object.isDicom ? "accepted" : "quarantined");
    if (!object.isDicom) {
      const waiting = quarantinedOf.get(object.itemId);
      expect(sha256(await bytesAt(inbox, waiting?.object_key ?? ""))).toBe(object.sha256);
      continue;
    }
    const instance = instanceOf.get(item?.instance_id ?? "");
    expect(instance?.sha256_received).toBe(object.sha256);
    expect(instance?.sha256_stored).toBe(object.sha256);
    expect(sha256(await bytesAt(archive, instance?.object_key ?? ""))).toBe(object.sha256);
  }

  const pictures = sent.filter(({ isDicom }) => isDicom);
  expect(instances.rows).toHaveLength(pictures.length);
  isOnce(instances.rows.map(({ sha256_received }) => sha256_received));
  expect(quarantined.rows).toHaveLength(sent.length - pictures.length);
  for (const folder of ["urgent/", "inbox/", "bulk/"]) expect(await keysOf(inbox, folder)).toEqual([]);
  expect(await keysOf(inbox, "quarantine/")).toHaveLength(sent.length - pictures.length);
  // Packs and pictures are made of them.
  const originals = (await keysOf(archive, "")).filter((key) => key.includes("/instances/"));
  expect(originals).toEqual(instances.rows.map(({ object_key }) => object_key).sort());
}
