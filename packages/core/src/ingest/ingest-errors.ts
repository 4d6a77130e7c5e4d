/** Why an object waits for a person. Stable codes; the sentence says what to do, without the patient's data. */
export const SENTENCES = {
  STUDY_UID_MISSING:
    "The object has no usable Study Instance UID, so it belongs to no study. Send it again from its source.",
  SERIES_UID_MISSING: "The object has no usable Series Instance UID. Send it again from its source.",
  SOP_UID_MISSING: "The object has no usable SOP Instance UID. Send it again from its source.",
  SOP_CLASS_MISSING: "The object does not say what it is (no SOP Class UID). Send it again from its source.",
  PATIENT_ID_MISSING:
    "The object has no Patient ID, so nobody can say whose it is. Correct it at the source and send it again.",
  LOCAL_NUMBER_REUSED:
    "This local number belongs to somebody else in your trust: name and date of birth, or the NHS number, differ. Find out who it is.",
  PATIENT_MISMATCH:
    "The study is known under another patient. Find out whose images these are before anything is added.",
  SERIES_MISMATCH: "The series is known in another study. Find out where these images belong.",
  UID_CONFLICT:
    "Another object with this SOP Instance UID is here already, and they differ in more than the header's small print. Compare the two.",
  OUTSIDE_IDENTITY_DIFFERS:
    "The disc names another person than the patient who was chosen. Who added it sees both under Add images, and confirms with a reason that they are one, or discards it.",
  NOT_OF_THIS_STUDY:
    "What was made of a study holds something else: another study, another patient, or no report or key objects. It is taken in nowhere.",
} as const;

export type QuarantineCode = keyof typeof SENTENCES;
