/** The four verbs that a patient can read, and what is not a look (clinical page §21). */
export type AuditVerb =
  | "listed"
  | "fetched-ahead"
  | "displayed"
  | "taken-out"
  | "looked-up"
  | "opened"
  | "changed"
  | "received"
  | "told"
  | "signed-in"
  | "signed-out";

export type AuditSubject = {
  patientId?: string;
  studyId?: string;
  custodian?: string;
  /** Of this one, where it isn't the action's own: a look that is told of later, a copy that is fetched ahead. */
  verb?: AuditVerb;
  /** Ids, codes and counts. */
  detail?: Record<string, string | number | boolean | null>;
};

/**
 * `each`: a row every time. `coalesced`: one row a session, patient and 15 minutes. `none`: content-free, and listed
 * in the test of the waist.
 */
export type AuditSpec<Input, Done> =
  | { readonly how: "none" }
  | {
      readonly how: "each" | "coalesced";
      readonly verb: AuditVerb;
      /** More than one row where one call touches several studies. `done` is undefined for a refusal or a failure. */
      readonly subjects: (input: Input, done: Done | undefined) => AuditSubject | readonly AuditSubject[];
    };
