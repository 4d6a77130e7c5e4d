import * as Ingest from "@weald/core/ingest";
import * as Organisation from "@weald/core/organisation";

/** The actions that the DICOMweb door calls, one line each. */
export const ANSWERS = {
  "ingest.begin-upload": Ingest.beginUpload,
  "ingest.sign-items": Ingest.signItems,
  "ingest.read-outcomes": Ingest.readOutcomes,
  "organisation.list": Organisation.list,
};
export type Answers = typeof ANSWERS;
