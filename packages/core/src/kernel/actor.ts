/**
 * Permissions are activities granted at an organisation, never job titles (clinical page §19). `role` is what the person
 * is called and what decides which list is theirs; it grants nothing.
 */
export const ACTIVITIES = [
  "report",
  "view",
  "state-relationship",
  "acquire",
  "import-outside",
  "manage-archive",
  "list-for-mdt",
  "review-access",
  "restrict",
  "take-out",
  "watch-safety",
  "report-sent",
  "administer",
] as const;
export type Activity = (typeof ACTIVITIES)[number];

export const ROLES = [
  "radiologist",
  "reporting-radiographer",
  "clinician",
  "radiographer",
  "mdt-coordinator",
  "pacs-manager",
  "privacy-officer",
  "caldicott-guardian",
  "clinical-safety-officer",
  "outside-reporter",
] as const;
export type Role = (typeof ROLES)[number];

/** An activity that holds for these modalities and body parts alone; an empty list: for all. */
export type ScopedActivity = {
  readonly activity: Activity;
  readonly modalities: readonly string[];
  readonly bodyParts: readonly string[];
};

export type PersonActor = {
  readonly kind: "person";
  /** The identity provider's user id (CIS2 `uid`). */
  readonly id: string;
  /** The role they chose at sign-in: one contract with one organisation. */
  readonly roleId: string;
  readonly role: Role;
  /** ODS code of the trust for which they act. */
  readonly organisation: string;
  readonly activities: readonly Activity[];
  /** What an administrator gave them for a part alone. `activities` holds what is theirs without limits. */
  readonly scoped?: readonly ScopedActivity[];
};

/** An outside system or a trust's gateway, by client credentials. */
export type ClientActor = {
  readonly kind: "client";
  readonly id: string;
  readonly organisation: string;
  readonly scopes: readonly string[];
};

/** Our own functions: queues and timers. `id` names the function. */
export type SystemActor = { readonly kind: "system"; readonly id: string };

/**
 * A patient, their proxy or whoever a link was passed on to, in one session of one link (docs/adr/0024). `id` is the session's;
 * row-level security holds them to that patient, and the waist to actions that admit them.
 */
export type PatientActor = {
  readonly kind: "patient";
  readonly id: string;
  readonly linkId: string;
  readonly patientId: string;
  /** The trust that issued the link. */
  readonly organisation: string;
};

export type Actor = PersonActor | ClientActor | SystemActor | PatientActor;

export const may = (actor: Actor, activity: Activity): boolean =>
  actor.kind === "person" && actor.activities.includes(activity);

/** May a trust's gateway keep at the edge what this client may read? With that scope it fetches ahead; a token for reading lacks it. */
export const keepsAtEdge = (actor: Actor): boolean =>
  actor.kind === "client" && actor.scopes.includes("edge.cache");

/** What an activity is asked for. A study without a part is of no part. */
export type Part = { readonly modalities: readonly string[]; readonly bodyParts: readonly string[] };

const covers = (granted: readonly string[], asked: readonly string[]) =>
  granted.length === 0 || granted.some((one) => asked.includes(one));

/** What an administrator gave a person of an activity for some modalities and body parts alone. */
export const partsOf = (actor: Actor, activity: Activity): readonly ScopedActivity[] =>
  actor.kind === "person" ? (actor.scoped ?? []).filter((one) => one.activity === activity) : [];

/** Whether a person may do it for this part: without limits, or by a grant that covers it. */
export const mayFor = (actor: Actor, activity: Activity, part: Part): boolean =>
  may(actor, activity) ||
  partsOf(actor, activity).some(
    ({ modalities, bodyParts }) => covers(modalities, part.modalities) && covers(bodyParts, part.bodyParts),
  );

export const organisationOf = (actor: Actor): string | null =>
  actor.kind === "system" ? null : actor.organisation;

/** To which patients row-level security holds this actor; none: to no certain ones. */
export const patientsOf = (actor: Actor): readonly string[] =>
  actor.kind === "patient" ? [actor.patientId] : [];
