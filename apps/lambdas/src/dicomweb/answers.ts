import * as Organisation from "@weald/core/organisation";

/** The actions that the DICOMweb door calls, one line each. */
export const ANSWERS = {
  "organisation.list": Organisation.list,
};
export type Answers = typeof ANSWERS;
