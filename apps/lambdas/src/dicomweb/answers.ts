import * as Ingest from "@weald/core/ingest";
import * as Organisation from "@weald/core/organisation";
import * as Study from "@weald/core/study";

/** The actions that the DICOMweb door calls, one line each. */
export const ANSWERS = {
  "ingest.begin-and-sign": Ingest.beginAndSign,
  "ingest.begin-upload": Ingest.beginUpload,
  "ingest.sign-items": Ingest.signItems,
  "ingest.read-outcomes": Ingest.readOutcomes,
  "organisation.list": Organisation.list,
  "study.find-instances": Study.findInstances,
  "study.find-series": Study.findSeries,
  "study.find-studies": Study.findStudies,
  "study.retrieve": Study.retrieve,
  "study.retrieve-frames": Study.retrieveFrames,
  "study.retrieve-metadata": Study.retrieveMetadata,
};
export type Answers = typeof ANSWERS;
