import type { Tx } from "../kernel/index.ts";
import { NotFound } from "../kernel/index.ts";
import { findUidsIn, readShareSecret } from "./mask.store.ts";
import { maskedUid, type SiteMask } from "./mask-header.ts";
import { unmaskStudyUid } from "./mask-uid.ts";
import { type StudyFacts, studyFacts } from "./reading-access.ts";
import type { Asked } from "./retrieval.ts";
import { siteMaskFor } from "./site-mask.ts";

export type MaskedCopy = { facts: StudyFacts; mask: SiteMask };

const unlessAbsent = (error: unknown): undefined => {
  if (error instanceof NotFound) return undefined;
  throw error;
};

/**
 * The study that a masked UID stands for, where it is masked for this actor: by its own UID it stays closed to them, and below a
 * trust's own path too.
 */
export async function maskedCopyOf(
  tx: Tx,
  { custodian, studyInstanceUid }: Pick<Asked, "custodian" | "studyInstanceUid">,
): Promise<MaskedCopy | undefined> {
  if (tx.actor.kind !== "person" || custodian || !studyInstanceUid.startsWith("2.25.")) return undefined;
  const studyId = unmaskStudyUid(await readShareSecret(tx), studyInstanceUid);
  const facts = studyId && (await studyFacts(tx, studyId).catch(unlessAbsent));
  const mask = facts ? await siteMaskFor(tx, facts) : undefined;
  return facts && mask ? { facts, mask } : undefined;
}

/** Names nothing: what a masked reader asks by a UID that isn't masked is as if absent. */
const NOTHING = "0";

async function among(tx: Tx, copy: MaskedCopy, masked: string, seriesInstanceUid: string | undefined) {
  const { facts, mask } = copy;
  const uids = await findUidsIn(tx, { studyId: facts.study.id, seriesInstanceUid });
  return uids.find((uid) => maskedUid(mask, uid) === masked) ?? NOTHING;
}

export type Named = { seriesInstanceUid?: string | undefined; sopInstanceUid?: string | undefined };

/** What the masked UIDs below a study stand for. */
export async function unmaskedBelow(tx: Tx, copy: MaskedCopy, asked: Named): Promise<Named> {
  const { seriesInstanceUid: series, sopInstanceUid: sop } = asked;
  if (!series) return {};
  const seriesInstanceUid = await among(tx, copy, series, undefined);
  return sop
    ? { seriesInstanceUid, sopInstanceUid: await among(tx, copy, sop, seriesInstanceUid) }
    : { seriesInstanceUid };
}
