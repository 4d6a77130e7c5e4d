import { randomUUID } from "node:crypto";
import { packKey } from "@weald/dicom";
import { z } from "zod";
import { type Ctx, defineAction, WealdError } from "../kernel/index.ts";
import type { Packed } from "../ports/index.ts";
import { isAsRead, type NewPack, publishPack } from "../study/index.ts";
import { type Chosen, chooseInstances } from "./choose-instances.ts";
import { foldTime } from "./fold-next.ts";
import {
  createGeometry,
  headLine,
  instanceLine,
  MANIFEST_TYPE,
  type PackOf,
  type Place,
} from "./manifest.ts";
import { mayPack } from "./packing.policy.ts";
import { type Claim, claimDue, letGo, putOff, swapVersion } from "./packing.store.ts";
import { manifestRows, type ReadToPack, readToPack } from "./read-series.ts";

/** Longer than the functions that do it may run: whoever holds a lease that has ended is dead. */
const LEASE_MINUTES = 20;
const MOST_TRIES = 6;
const NOTHING: Packed = { sizeBytes: 0, sha256: "", instances: [] };

type Publishing = Omit<NewPack, "version"> & { claim: Claim };

/**
 * One compare and swap: the pack, where its frames lie and the version; or nothing of it, where an image came, was replaced, rejected
 * or moved meanwhile, or another published first.
 */
const publish = defineAction({
  name: "packing.publish",
  input: z.custom<Publishing>((value) => value instanceof Object),
  policy: mayPack,
  load: async () => null,
  async run(tx, { claim, ...pack }) {
    if (!(await isAsRead(tx, pack)) || !(await swapVersion(tx, claim, foldTime(tx.now)))) return false;
    await publishPack(tx, { ...pack, version: claim.version + 1 });
    return true;
  },
  audit: { how: "none" },
});

const endClaim = defineAction({
  name: "packing.end-claim",
  input: z.custom<{ claim: Claim; to: { again: Date } | { failed: string } | undefined }>(
    (value) => value instanceof Object,
  ),
  policy: mayPack,
  load: async () => null,
  run: (tx, { claim, to }) => (to ? putOff(tx, claim, to) : letGo(tx, claim)),
  audit: { how: "none" },
});

function placesOf({ stay }: Chosen, { instances }: Packed): Map<string, Place> {
  const places = new Map<string, Place>([...stay].map(([id, stays]) => [id, { stays }]));
  for (const { instanceId, ...place } of instances) places.set(instanceId, place);
  return places;
}

type Made = {
  claim: Claim;
  packId: string;
  read: ReadToPack;
  chosen: Chosen;
  packed: Packed;
  pack: PackOf | undefined;
};

async function* manifestLines(ctx: Ctx, { claim, packId, read, chosen, packed, pack }: Made) {
  const encoder = new TextEncoder();
  const places = placesOf(chosen, packed);
  const geometry = createGeometry(read.series.frameOfReferenceUid);
  yield encoder.encode(headLine(read.series, { packId, version: claim.version + 1, pack }));
  for await (const row of manifestRows(ctx, claim.seriesId)) {
    geometry.add(row.header);
    yield encoder.encode(instanceLine(row, places.get(row.id) ?? { stays: "too-large" }));
  }
  yield encoder.encode(geometry.endLine());
}

function logMade({ service }: Ctx, { claim, chosen, packed }: Made): void {
  const stayed = packed.instances.flatMap((one) => ("stays" in one ? [one.stays] : []));
  const unreadable = stayed.filter((why) => why === "unreadable").length;
  const inPack = packed.instances.length - stayed.length;
  const counts = { packed: inPack, stayed: stayed.length + chosen.stay.size, unreadable };
  service.log({ level: "info", event: "pack.made", seriesId: claim.seriesId, ...counts });
}

/** Frames into one object, then the manifest, each under a key that nobody has used; then both are published at once. */
async function pack(ctx: Ctx, claim: Claim, read: ReadToPack): Promise<boolean> {
  const { archive, packer } = ctx.service.ports;
  const { series, instances } = read;
  const packId = randomUUID();
  const key = (part: "frames" | "manifest") => packKey({ ...series, packId, part });
  const chosen = chooseInstances(instances);
  const packed = chosen.toPack.length > 0 ? await packer.pack(chosen.toPack, key("frames")) : NOTHING;
  ctx.service.crashPoint("after-pack-put");
  const { sizeBytes, sha256 } = packed;
  const isPacked = sizeBytes > 0;
  const made: Made = {
    ...{ claim, packId, read, chosen, packed },
    pack: isPacked ? { key: key("frames"), sizeBytes, sha256 } : undefined,
  };
  await archive.put(key("manifest"), manifestLines(ctx, made), { contentType: MANIFEST_TYPE });
  ctx.service.crashPoint("after-manifest-put");
  logMade(ctx, made);
  return publish(ctx, {
    ...{ claim, packId, series, sizeBytes, sha256, manifestKey: key("manifest") },
    objectKey: isPacked ? key("frames") : undefined,
    read: instances.map(({ id, objectKey }) => ({ id, objectKey })),
    packed: packed.instances.flatMap((one) => ("frames" in one ? [one] : [])),
  });
}

const later = (now: Date, tries: number) => new Date(now.getTime() + 60_000 * 2 ** (tries - 1));

type Round = { packed: number; givenUp: number; isMore: boolean };
const NONE: Round = { packed: 0, givenUp: 0, isMore: true };

/** What failed is tried again, later each time, and given up in the end: it is served from its originals as before. */
async function putOffFor(ctx: Ctx, claim: Claim, why: string): Promise<Round> {
  const { seriesId, tries } = claim;
  const isOver = tries >= MOST_TRIES;
  ctx.service.log({ level: isOver ? "error" : "warn", event: "pack.not-made", seriesId, why, tries });
  await endClaim(ctx, { claim, to: isOver ? { failed: why } : { again: later(ctx.service.now(), tries) } });
  return { ...NONE, givenUp: isOver ? 1 : 0 };
}

async function packOne(ctx: Ctx, claim: Claim): Promise<Round> {
  const read = await readToPack(ctx, claim.seriesId);
  if (!read) {
    await endClaim(ctx, { claim, to: undefined });
    return NONE;
  }
  if (await pack(ctx, claim, read)) return { ...NONE, packed: 1 };
  // It goes on changing: what settles it, or the change, makes it due anew; a minute is for what does neither.
  await endClaim(ctx, { claim, to: { again: later(ctx.service.now(), 1) } });
  return NONE;
}

async function tryOne(ctx: Ctx, claim: Claim): Promise<Round> {
  // Whoever tried it before was killed each time.
  if (claim.tries > MOST_TRIES) return putOffFor(ctx, claim, "DIED");
  try {
    return await packOne(ctx, claim);
  } catch (error) {
    return putOffFor(ctx, claim, error instanceof WealdError ? error.code : "INTERNAL");
  }
}

/**
 * Packs the series that is due the longest: its frames into one object, its manifest beside it. Killed anywhere it leaves nothing that
 * anybody reads, and is done again once its lease has ended. `isMore`: ask again.
 */
export const packNext = defineAction({
  name: "packing.pack-next",
  input: z.object({}),
  policy: mayPack,
  load: async () => null,
  run: (tx) => claimDue(tx, new Date(tx.now.getTime() + LEASE_MINUTES * 60_000)),
  async after(ctx, claim): Promise<Round> {
    if (!claim) return { ...NONE, isMore: false };
    ctx.service.crashPoint("after-pack-claim");
    return tryOne(ctx, claim);
  },
  audit: { how: "none" },
});
