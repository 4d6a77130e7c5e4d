import type { ClientActor, PatientActor, PersonActor, SystemActor } from "./actor.ts";

/** Actors for the tables of cases that stand beside each policy, and for the demonstration's tests. */
const person = (
  id: string,
  role: PersonActor["role"],
  organisation: string,
  activities: PersonActor["activities"],
): PersonActor => ({
  kind: "person",
  id,
  roleId: `${id}-1`,
  role,
  organisation,
  activities,
});

export const aRadiologist = person("p-rad", "radiologist", "RXC", ["report", "view", "state-relationship"]);
export const anEdClinician = person("p-ed", "clinician", "RYR", [
  "view",
  "state-relationship",
  "import-outside",
]);
export const aRadiographer = person("p-radiog", "radiographer", "RXC", ["acquire", "view", "import-outside"]);
export const aPacsManager = person("p-pacs", "pacs-manager", "RXC", [
  "manage-archive",
  "view",
  "acquire",
  "import-outside",
  "restrict",
]);
export const anotherPacsManager = person("p-pacs2", "pacs-manager", "RA2", [
  "manage-archive",
  "view",
  "acquire",
  "import-outside",
  "restrict",
]);
export const aCoordinator = person("p-mdt", "mdt-coordinator", "RA2", ["list-for-mdt", "view"]);
export const anAdministrator = person("p-admin", "pacs-manager", "RXC", ["administer"]);
export const aPrivacyOfficer = person("p-priv", "privacy-officer", "RTK", [
  "review-access",
  "restrict",
  "take-out",
]);
export const aCaldicottGuardian = person("p-cald", "caldicott-guardian", "RXC", [
  "review-access",
  "restrict",
]);
export const aSafetyOfficer = person("p-cso", "clinical-safety-officer", "RXC", ["watch-safety"]);
export const anOutsideReporter = person("p-out", "outside-reporter", "ORC", ["report-sent"]);
export const aGateway: ClientActor = {
  kind: "client",
  id: "gateway-RXC",
  organisation: "RXC",
  scopes: ["inbox.write"],
};
export const aSystem: ClientActor = {
  kind: "client",
  id: "system-RXC",
  organisation: "RXC",
  scopes: ["studies.read"],
};
export const aRegionalSystem: ClientActor = {
  ...aSystem,
  scopes: ["studies.read", "studies.read.region"],
};
export const aReadOnlyClient: ClientActor = { kind: "client", id: "other", organisation: "RXC", scopes: [] };
export const theSystem: SystemActor = { kind: "system", id: "accept-objects" };
export const aPatient: PatientActor = {
  kind: "patient",
  id: "s-1",
  linkId: "l-1",
  patientId: "pt-1",
  organisation: "RXC",
};
