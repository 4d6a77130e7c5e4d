/** What stands in the zip in plain words, for whoever opens it years later. */
export type ReadMe = {
  files: number;
  corrected: number;
  isDemonstration: boolean;
  madeAt: Date;
  /** How whole each series was then. Nothing of the patient. */
  series: readonly string[];
};
export const readMe = (what: ReadMe): string =>
  [
    "DICOM images from Weald, a region's imaging service",
    "===================================================",
    "",
    ...(what.isDemonstration ? ["DEMONSTRATION: the patient is invented.", ""] : []),
    `Made ${what.madeAt.toISOString().slice(0, 16).replace("T", " ")} UTC: ${what.files} files in the folder DICOM.`,
    "DICOMDIR is their directory. A DICOM viewer opens it, or the folder.",
    ...what.series,
    "",
    "These files name the patient and their health. Keep them as your organisation's rules say, send them only to",
    "who needs them for the patient's care, and delete them afterwards. That they were taken out, by whom and when,",
    "is on the region's record.",
    "",
    "What they are",
    "-------------",
    "The files are as Weald served them at that moment. Images that were rejected or set aside are not among them.",
    what.corrected === 0
      ? "None of them was corrected in Weald: each is as it was sent."
      : `In ${what.corrected} of them something was corrected in Weald (patient, side, numbers or words). What stood there before is in`,
    ...(what.corrected === 0
      ? []
      : ["each file, in Original Attributes Sequence (0400,0561). The pixels are as they were sent."]),
    "Later corrections don't reach this copy: for care, look at Weald itself.",
    "",
    "Weald is not a certified medical device. These copies are for review, not for primary diagnosis.",
    "",
  ].join("\r\n");
