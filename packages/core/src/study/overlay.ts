import type { DicomJson, DicomJsonAttribute } from "@weald/dicom";
import { SIDE_CARRIERS, sideBelow } from "./side-below.ts";

/**
 * A correction of what is served; the original is never rewritten. An attribute without `Value` is served empty.
 * Study and series overlays hold for every instance below them, and the finer level wins.
 */
export type Overlay = {
  level: "study" | "series" | "instance";
  targetId: string;
  version: number;
  attributes: DicomJson;
  reason: string;
  writtenAt: Date;
};

const LEVELS = ["study", "series", "instance"] as const;

/** DICOM DT, UTC. @see DICOM PS3.5 §6.2 */
const dateTime = (date: Date) =>
  `${date
    .toISOString()
    .replace(/[-:TZ]/g, "")
    .slice(0, 14)}.000000+0000`;

function originalAttributes(original: DicomJson, overlay: Overlay): DicomJson {
  const replaced = Object.fromEntries(
    Object.keys(overlay.attributes).map((tag): [string, DicomJsonAttribute] => [
      tag,
      original[tag] ?? { vr: overlay.attributes[tag]?.vr ?? "UN" },
    ]),
  );
  return {
    "04000550": { vr: "SQ", Value: [replaced] },
    "04000562": { vr: "DT", Value: [dateTime(overlay.writtenAt)] },
    "04000563": { vr: "LO", Value: ["Weald"] },
    "04000564": { vr: "LO" },
    "04000565": { vr: "CS", Value: ["CORRECT"] },
  };
}

/**
 * What is served: the original with its overlays, and Original Attributes Sequence (0400,0561) that says what stood there.
 *
 * @see DICOM PS3.3 §C.12.1.1.9 (Original Attributes)
 */
export function applyOverlays(original: DicomJson, overlays: readonly Overlay[]): DicomJson {
  // One whose corrections were all undone says nothing any more.
  const ordered = overlays.filter(({ attributes }) => Object.keys(attributes).length > 0);
  if (ordered.length === 0) return original;
  ordered.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.version - b.version);
  const served: DicomJson = { ...original };
  const history = [...(original["04000561"]?.Value ?? [])];
  for (const overlay of ordered) {
    const attributes = { ...overlay.attributes, ...sideBelow(served, overlay.attributes) };
    history.push(originalAttributes(served, { ...overlay, attributes }));
    Object.assign(served, attributes);
  }
  served["04000561"] = { vr: "SQ", Value: history };
  return Object.fromEntries(Object.entries(served).sort(([a], [b]) => a.localeCompare(b)));
}

/** The outermost attributes that overlays change or add, as they are served. */
export function changedBy(original: DicomJson, overlays: readonly Overlay[]): DicomJson {
  const served = applyOverlays(original, overlays);
  const below = SIDE_CARRIERS.filter((tag) => served[tag] !== original[tag]);
  const tags = ["04000561", ...below, ...overlays.flatMap(({ attributes }) => Object.keys(attributes))];
  return Object.fromEntries(tags.flatMap((tag) => (served[tag] ? [[tag, served[tag]]] : [])));
}
