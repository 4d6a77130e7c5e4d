import type { DicomJson } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Overlay } from "./overlay.ts";

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
