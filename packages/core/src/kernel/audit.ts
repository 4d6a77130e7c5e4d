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
  /** Fetched before anybody asked for it, and declared so: it never counts as displayed. */
  isPrefetch?: boolean;
  /** Of this one, where it isn't the action's own: a look that is told of later, a copy that is fetched ahead. */
  verb?: AuditVerb;
  /** Ids, codes and counts. */
  detail?: Record<string, string | number | boolean | null>;
};

/**
 * Where the audit insert fails and the database lives (clinical page §6). `spool`: the row goes to the spool before
 * anything is released, and without it nothing is. `open-and-count`: the same, but where the spool fails too it goes on and
 * is counted: break-glass. `roll-back`: nothing changes without its row.
 */
export type AuditFailing = "roll-back" | "spool" | "open-and-count";

const LOOKS: readonly AuditVerb[] = [
  "listed",
  "fetched-ahead",
  "displayed",
  "taken-out",
  "looked-up",
  "opened",
];

/** A look may go on over the spool; a change never without its row in the same transaction. */
export const failingOf = (verb: AuditVerb | undefined): AuditFailing =>
  verb && LOOKS.includes(verb) ? "spool" : "roll-back";

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
