/** Why a message waits for a person, although it can be read. The sentence holds nothing of the message. */
export const REFUSALS = {
  LOCAL_NUMBER_REUSED:
    "This local number belongs to somebody else in your trust. Find out of whom the message speaks.",
  REPORT_PATIENT_MISMATCH:
    "The report names another patient than its study. Ask the sender whose report it is.",
  REQUEST_PATIENT_MISMATCH:
    "The request names another patient than its study, or is known under another patient. Ask the sender whose request it is.",
  VISIT_PATIENT_MISMATCH:
    "The stay is known under another patient. Ask the admission system whose stay it is.",
  APPOINTMENT_PATIENT_MISMATCH:
    "The appointment is known under another patient. Ask the booking system whose appointment it is.",
  MERGE_DISAGREES:
    "The message says that two local numbers are one person, and what is known of them speaks against it. Nothing was joined. Find out whether they are, put the wrong one right in the admission system, and try again.",
  HL7_ID_REUSED:
    "Another message with this control id came from the same sender, and says something else. Ask the sender to send it under an id of its own.",
  HL7_TIME_AHEAD:
    "The message says that it was written more than a day from now. It would outlast every later one. Put the sender's clock right and send it again.",
} as const;

export type Refusal = keyof typeof REFUSALS;

/** What may come right by itself, when more becomes known of the patients: then it is tried again without anybody. */
export const RETRIED_WHEN_KNOWN: readonly Refusal[] = [
  "LOCAL_NUMBER_REUSED",
  "REPORT_PATIENT_MISMATCH",
  "REQUEST_PATIENT_MISMATCH",
  "VISIT_PATIENT_MISMATCH",
  "APPOINTMENT_PATIENT_MISMATCH",
  "MERGE_DISAGREES",
];

/** How one message ended. `subjects`: what it spoke of, so that it is found again when that turns out to be wrong. */
export type Taken = { subjects: string[] } & (
  | { outcome: "accepted" | "duplicate" | "skipped"; code?: string; message?: string; patientId: string }
  | { refused: Refusal; rule?: string | undefined }
);

export const older = (patientId: string, subjects: string[]): Taken => ({
  outcome: "skipped",
  code: "HL7_OLDER",
  message: "A newer message about this was here already, and this one adds nothing to it.",
  patientId,
  subjects,
});

export const subjectOf = {
  request: (issuer: string, accessionNumber: string) => `request ${issuer} ${accessionNumber}`,
  report: (issuer: string, fillerNumber: string) => `report ${issuer} ${fillerNumber}`,
  visit: (visitNumber: string) => `visit ${visitNumber}`,
  appointment: (appointmentNumber: string) => `appointment ${appointmentNumber}`,
  merge: (source: string) => `merge ${source}`,
} as const;
