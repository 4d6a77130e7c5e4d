import type { DicomJson, DicomJsonAttribute } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Overlay } from "./overlay.ts";
import { jsonWithoutNul } from "./study.store.ts";
import { unfoldHolding } from "./unfold.store.ts";

export type NewOverlay = {
  custodian: string;
  level: Overlay["level"];
  targetId: string;
  studyId: string;
  attributes: DicomJson;
  reason: string;
};

/** The first overlay of a study, series or instance that was just made; one that stands already is left alone. */
export async function writeOverlay(tx: Tx, overlay: NewOverlay): Promise<void> {
  const { attributes, ...rest } = overlay;
  await databaseOf(tx).overlay.upsert({
    where: { targetId_version: { targetId: overlay.targetId, version: 1 } },
    create: {
      ...rest,
      version: 1,
      attributes: attributes as object,
      writtenBy: tx.actor.id,
      writtenAt: tx.now,
    },
    update: {},
    select: { id: true },
  });
}

/** What an overlay is to say of some attributes; `null`: nothing, the original's word is served again. */
export type OverlayChange = Record<string, DicomJsonAttribute | null>;

/**
 * The next version of a target's overlay: what it said, with these changes.
 *
 * @returns What it said of them before: given to this function again, it undoes the change.
 */
export async function amendOverlay(
  tx: Tx,
  target: Omit<NewOverlay, "attributes">,
  change: OverlayChange,
): Promise<OverlayChange> {
  const db = databaseOf(tx);
  if (target.level === "instance") await unfoldHolding(tx, target.studyId, [target.targetId]);
  const newest = await db.overlay.findFirst({
    where: { targetId: target.targetId },
    select: { version: true, attributes: true },
    orderBy: { version: "desc" },
  });
  const said = (newest?.attributes ?? {}) as DicomJson;
  const next = Object.entries({ ...said, ...change }).filter(([, attribute]) => attribute !== null);
  await db.overlay.create({
    data: {
      ...target,
      version: (newest?.version ?? 0) + 1,
      attributes: JSON.parse(jsonWithoutNul(Object.fromEntries(next))) as object,
      writtenBy: tx.actor.id,
      writtenAt: tx.now,
    },
    select: { id: true },
  });
  return Object.fromEntries(Object.keys(change).map((tag) => [tag, said[tag] ?? null]));
}
