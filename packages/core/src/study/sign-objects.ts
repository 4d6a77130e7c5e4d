import { z } from "zod";
import { type Ctx, defineAction, type Tx } from "../kernel/index.ts";
import { type GoneCode, grantAt } from "./grant.ts";
import type { SiteMask } from "./mask-header.ts";
import { maskedInstance } from "./masked-instance.ts";
import { applyOverlays } from "./overlay.ts";
import { findPackKeys } from "./pack.store.ts";
import { findInstancesOfStudy, findObjectKeys, findOverlays } from "./reading.store.ts";
import { noSuchStudy, type StudyFacts, studyFacts } from "./reading-access.ts";
import { type ShareObject, signShare, writeShares } from "./share-frames.ts";
import { signOriginals } from "./sign-originals.ts";
import { signPacks } from "./sign-packs.ts";
import { overlaysFor, siteMaskFor } from "./site-mask.ts";
import { mayReadStudy } from "./study.policy.ts";

export type SignedObject =
  | { instanceId: string; url: string; expiresAt: string }
  | { instanceId: string; gone: true; code: GoneCode };

/** By instance: the key of its original, or what a masked reader gets in its place. */
type Granted =
  | { keys: ReadonlyMap<string, string>; packs: ReadonlyMap<string, string> }
  | { shares: ReadonlyMap<string, ShareObject> };
const NOTHING: Granted = { keys: new Map(), packs: new Map() };

async function sharesOf(
  tx: Tx,
  studyId: string,
  instanceIds: readonly string[],
  mask: SiteMask,
): Promise<ReadonlyMap<string, ShareObject>> {
  const overlays = await findOverlays(tx, studyId);
  const rows = await findInstancesOfStudy(tx, studyId, instanceIds);
  return new Map(
    rows.flatMap((row) => {
      const header = applyOverlays(row.header, overlaysFor(overlays, row.seriesId, row.id));
      const masked = maskedInstance(mask, { ...row, header });
      return masked ? [[row.id, masked.share]] : [];
    }),
  );
}

type Wanted = { instanceIds: readonly string[]; packIds: readonly string[] };

/** No pack for who may not have the whole of it. */
async function granted(tx: Tx, facts: StudyFacts, { instanceIds, packIds }: Wanted): Promise<Granted> {
  const { id } = facts.study;
  const mask = await siteMaskFor(tx, facts);
  if (mask) return { shares: await sharesOf(tx, id, instanceIds, mask) };
  return { keys: await findObjectKeys(tx, id, instanceIds), packs: await findPackKeys(tx, id, packIds) };
}

async function urlsOf(ctx: Ctx, all: Granted): Promise<ReadonlyMap<string, string>> {
  if ("keys" in all)
    return new Map((await signOriginals(ctx, all.keys)).map(({ instanceId, url }) => [instanceId, url]));
  await writeShares(ctx, all.shares.values());
  return new Map(
    await Promise.all(
      [...all.shares].map(
        async ([id, share]): Promise<[string, string]> => [id, await signShare(ctx, share)],
      ),
    ),
  );
}

/**
 * Short-lived URLs of originals and packs, or of share objects where the reader may not know the site; in batches around where the reader
 * is. What is no longer served comes back as `gone`, and the
 * viewer drops it; so does everything of a study that was corrected since `servedVersion`, the one that the reader opened.
 */
export const signObjects = defineAction({
  name: "study.sign-objects",
  display: "of-its-list",
  input: z.object({
    studyId: z.uuid(),
    instanceIds: z.array(z.uuid()).max(200),
    /** Packs of series, as `readSeries` named them. */
    packIds: z.array(z.uuid()).max(50).default([]),
    servedVersion: z.number().int().optional(),
    /** Declared: nobody has asked for it yet, so it never counts as displayed (clinical page §21). */
    isPrefetch: z.boolean().default(false),
  }),
  policy: mayReadStudy,
  absent: noSuchStudy,
  load: (tx, { studyId }) => studyFacts(tx, studyId),
  async run(tx, { instanceIds, packIds, servedVersion }, facts) {
    const { study } = facts;
    const isCorrected = servedVersion !== undefined && servedVersion !== study.servedVersion;
    const code: GoneCode = isCorrected ? "CORRECTED" : "NOT_SERVED";
    return {
      all: isCorrected ? NOTHING : await granted(tx, facts, { instanceIds, packIds }),
      code,
      patientId: study.patientId,
      custodian: study.custodian,
    };
  },
  async after(ctx, { all, code }, { instanceIds, packIds }) {
    const urls = await urlsOf(ctx, all);
    const expiresAt = grantAt(ctx.service.now()).until.toISOString();
    const objects = instanceIds.map((instanceId): SignedObject => {
      const url = urls.get(instanceId);
      return url ? { instanceId, url, expiresAt } : { instanceId, gone: true, code };
    });
    const keys = "packs" in all ? all.packs : new Map<string, string>();
    const packs = await signPacks(ctx, packIds, { keys, code });
    return { objects, packs };
  },
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ studyId, isPrefetch }, done) => ({
      studyId,
      isPrefetch,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
    }),
  },
});
