import { type DicomJson, sequence, text } from "@weald/dicom";
import { z } from "zod";

const STATUS = "00400252";
const SCHEDULED = "00400270";
const PERFORMED_SERIES = "00400340";
const STUDY_UID = "0020000D";
const SERIES_UID = "0020000E";
const ACCESSION = "00080050";
const MODALITY = "00080060";
const IMAGES = "00081140";
const OTHER_OBJECTS = "00400220";

const STATES: Record<string, "in-progress" | "completed" | "discontinued"> = {
  "IN PROGRESS": "in-progress",
  COMPLETED: "completed",
  DISCONTINUED: "discontinued",
};

/** What the region is told of a step: no name and no number of a patient is in it. */
export const PerformedStep = z.object({
  sopInstanceUid: z.string(),
  state: z.enum(["in-progress", "completed", "discontinued"]),
  studyInstanceUid: z.string().optional(),
  accessionNumber: z.string().optional(),
  modality: z.string().optional(),
  series: z.array(z.object({ seriesInstanceUid: z.string(), objectCount: z.number() })),
});
export type PerformedStep = z.output<typeof PerformedStep>;

/** An N-CREATE or N-SET of the Modality Performed Procedure Step. `undefined` without a status that the standard knows. */
export function performedStep(sopInstanceUid: string, attributes: DicomJson): PerformedStep | undefined {
  const state = STATES[(text(attributes, STATUS) ?? "IN PROGRESS").trim()];
  if (!state) return undefined;
  const [scheduled = {}] = sequence(attributes, SCHEDULED);
  const series = sequence(attributes, PERFORMED_SERIES).flatMap((one) => {
    const seriesInstanceUid = text(one, SERIES_UID);
    const objectCount = sequence(one, IMAGES).length + sequence(one, OTHER_OBJECTS).length;
    return seriesInstanceUid ? [{ seriesInstanceUid, objectCount }] : [];
  });
  const said = {
    studyInstanceUid: text(scheduled, STUDY_UID),
    accessionNumber: text(scheduled, ACCESSION),
    modality: text(attributes, MODALITY),
  };
  return { sopInstanceUid, state, ...said, series };
}
