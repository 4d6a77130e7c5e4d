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

export type Actor = PersonActor | ClientActor | SystemActor;

export const may = (actor: Actor, activity: Activity): boolean =>
  actor.kind === "person" && actor.activities.includes(activity);

/** May a trust's gateway keep at the edge what this client may read? With that scope it fetches ahead; a token for reading lacks it. */
export const keepsAtEdge = (actor: Actor): boolean =>
  actor.kind === "client" && actor.scopes.includes("edge.cache");

export const organisationOf = (actor: Actor): string | null =>
  actor.kind === "system" ? null : actor.organisation;
