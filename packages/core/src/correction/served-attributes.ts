import type { DicomJson } from "@weald/dicom";
import type { Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import type { Before } from "./correction.store.ts";

type Amended = NonNullable<Before["overlays"]>;
type OverlayTarget = Parameters<typeof Study.amendOverlay>[1];

/** The same change to several targets, and how to take each back. */
export async function amendOverlays(
  tx: Tx,
  targets: readonly OverlayTarget[],
  change: Study.OverlayChange,
): Promise<Amended> {
  const amended: Amended = [];
  for (const target of targets) {
    const { level, targetId, studyId } = target;
    amended.push({ level, targetId, studyId, change: await Study.amendOverlay(tx, target, change) });
  }
  return amended;
}

/** The finer level wins: what a series or an image was made to say of these attributes is said anew. */
async function finerThan(tx: Tx, studyId: string, change: DicomJson) {
  const overlays = await Study.findOverlays(tx, studyId);
  return overlays.flatMap(({ level, targetId, attributes }) => {
    const held = Object.entries(change).filter(([tag]) => attributes[tag] !== undefined);
    return level === "study" || held.length === 0
      ? []
      : [{ level, targetId, change: Object.fromEntries(held) }];
  });
}

/** Says something of a whole study, at every level at which something else was said of it. */
export async function amendThrough(
  tx: Tx,
  study: { id: string; custodian: string },
  change: DicomJson,
  reason: string,
): Promise<Amended> {
  const base = { custodian: study.custodian, studyId: study.id, reason };
  const finer = await finerThan(tx, study.id, change);
  const amended = await amendOverlays(tx, [{ ...base, level: "study", targetId: study.id }], change);
  for (const { level, targetId, change: ofIt } of finer)
    amended.push(...(await amendOverlays(tx, [{ ...base, level, targetId }], ofIt)));
  return amended;
}
