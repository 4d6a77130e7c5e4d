import type { DicomJson } from "@weald/dicom";
import type { Tx } from "../kernel/index.ts";
import type { Overlay } from "./overlay.ts";
import { findOverlaysOfStudies, type SeriesHead, type StudyHead } from "./reading.store.ts";

const overlayOf = (
  overlays: readonly Overlay[],
  level: Overlay["level"],
  targetId: string,
): DicomJson | undefined =>
  overlays.find((overlay) => overlay.level === level && overlay.targetId === targetId)?.attributes;

/** The overlay's word where it has one (also an empty one), else the row's. */
function served(overlay: DicomJson | undefined, tag: string, stored: string | undefined): string | undefined {
  const attribute = overlay?.[tag];
  if (!attribute) return stored;
  const value = attribute.Value?.[0];
  return typeof value === "string" ? value : undefined;
}

const isoDate = (date: string | undefined) => date?.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");

type Served = Pick<StudyHead, "description" | "studyDate" | "accessionNumber">;

/** Study Description (0008,1030), Study Date (0008,0020), Accession Number (0008,0050) as they are served. */
export function servedStudy(study: Served & { id: string }, overlays: readonly Overlay[]) {
  const overlay = overlayOf(overlays, "study", study.id);
  return {
    description: served(overlay, "00081030", study.description),
    studyDate: isoDate(served(overlay, "00080020", study.studyDate)),
    accessionNumber: served(overlay, "00080050", study.accessionNumber),
  };
}

/** Rows of a list as they are served: whoever lists studies passes them through here. */
export async function servedRows<R extends Served & { studyId: string }>(
  tx: Tx,
  rows: readonly R[],
): Promise<R[]> {
  const overlays = await findOverlaysOfStudies(
    tx,
    rows.map(({ studyId }) => studyId),
  );
  return rows.map((row) => ({
    ...row,
    ...servedStudy({ ...row, id: row.studyId }, overlays.get(row.studyId) ?? []),
  }));
}

/** Series Description (0008,103E) and Body Part Examined (0018,0015) as they are served. */
export function servedSeries(series: SeriesHead, overlays: readonly Overlay[]) {
  const overlay = overlayOf(overlays, "series", series.id);
  return {
    description: served(overlay, "0008103E", series.description),
    bodyPart: served(overlay, "00180015", series.bodyPart),
    // The row holds what is served: which of the two attributes names the side is settled where it is written.
    laterality: series.laterality,
  };
}
