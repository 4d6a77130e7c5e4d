import { decideReading, type ReadingFacts, sampleFacts } from "../access/index.ts";
import { type Actor, allow, type Decision, definePolicy, deny, may } from "../kernel/index.ts";
import {
  anAdministrator,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aPatient,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aRegionalSystem,
  theSystem,
} from "../kernel/sample-actors.ts";

const isOfTrust = (actor: Actor, organisation: string) =>
  actor.kind === "person" && actor.organisation === organisation;

function decideServing(actor: Actor, reading: ReadingFacts): Decision {
  if (actor.kind !== "person") return deny("persons-only");
  const decision = decideReading(actor, reading);
  if (!decision.allowed) return decision;
  return isOfTrust(actor, reading.custodian) ? allow : deny("not-your-trust");
}

/** Whoever may read a study in the trust that holds it may give it to its patient. Links are a trust's own. */
export const mayShare = definePolicy<{ studies: readonly ReadingFacts[] }>({
  name: "consent.share",
  decide(actor, { studies }) {
    const refused = studies.map((one) => decideServing(actor, one)).find(({ allowed }) => !allowed);
    return refused ?? allow;
  },
  cases: [
    {
      says: "a radiologist of the trust",
      actor: aRadiologist,
      facts: { studies: [sampleFacts("RXC")] },
      expect: "allow",
    },
    {
      says: "a radiographer of the trust",
      actor: aRadiographer,
      facts: { studies: [sampleFacts("RXC")] },
      expect: "allow",
    },
    {
      says: "one of two studies is another trust's",
      actor: aRadiologist,
      facts: { studies: [sampleFacts("RXC"), sampleFacts("RTK")] },
      expect: "not-your-trust",
    },
    {
      says: "a clinician of the trust without a relationship",
      actor: anEdClinician,
      facts: { studies: [sampleFacts("RYR")] },
      expect: "no-relationship",
    },
    {
      says: "a clinician of the trust who treats the patient",
      actor: anEdClinician,
      facts: { studies: [sampleFacts("RYR", { relationships: ["statement"] })] },
      expect: "allow",
    },
    {
      says: "one's own record",
      actor: aRadiologist,
      facts: { studies: [sampleFacts("RXC", { isOwnRecord: true })] },
      expect: "own-record",
    },
    {
      says: "a record that is hidden from them",
      actor: aRadiographer,
      facts: { studies: [sampleFacts("RXC", { sensitivities: ["safeguarding"] })] },
      expect: "sensitive",
    },
    {
      says: "a system",
      actor: aRegionalSystem,
      facts: { studies: [sampleFacts("RXC")] },
      expect: "persons-only",
    },
    { says: "a patient", actor: aPatient, facts: { studies: [sampleFacts("RXC")] }, expect: "persons-only" },
  ],
});

export type PatientFacts = { organisation: string; reading: ReadingFacts };
const ofPatient = (more: Partial<ReadingFacts> = {}, organisation = "RXC"): PatientFacts => ({
  organisation,
  reading: sampleFacts(organisation, more),
});

/** Contacts, proxies, wishes and marks of a patient: whoever may read what their trust holds of them. */
export const mayServe = definePolicy<PatientFacts>({
  name: "consent.serve",
  decide: (actor, { reading }) => decideServing(actor, reading),
  cases: [
    { says: "a radiographer of the trust", actor: aRadiographer, facts: ofPatient(), expect: "allow" },
    { says: "another trust's", actor: anotherPacsManager, facts: ofPatient(), expect: "other-trust" },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: ofPatient({}, "RYR"),
      expect: "no-relationship",
    },
    {
      says: "a privacy officer writes no contacts",
      actor: aPrivacyOfficer,
      facts: ofPatient({}, "RTK"),
      expect: "not-for-this-role",
    },
    { says: "a patient", actor: aPatient, facts: ofPatient(), expect: "persons-only" },
    { says: "our own functions", actor: theSystem, facts: ofPatient(), expect: "persons-only" },
  ],
});

/** Seeing a patient's links and ending them: also for who restricts records of the trust. */
export const mayOversee = definePolicy<PatientFacts & { isIssuer?: boolean }>({
  name: "consent.oversee",
  decide(actor, { organisation, reading, isIssuer }) {
    const isTheirs = isOfTrust(actor, organisation);
    if (isTheirs && (may(actor, "restrict") || may(actor, "review-access") || isIssuer)) return allow;
    return decideServing(actor, reading);
  },
  cases: [
    { says: "a radiographer of the trust", actor: aRadiographer, facts: ofPatient(), expect: "allow" },
    {
      says: "a privacy officer of the trust",
      actor: aPrivacyOfficer,
      facts: ofPatient({}, "RTK"),
      expect: "allow",
    },
    {
      says: "a privacy officer of another trust",
      actor: aPrivacyOfficer,
      facts: ofPatient(),
      expect: "not-for-this-role",
    },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: ofPatient({}, "RYR"),
      expect: "no-relationship",
    },
    {
      says: "the same, who issued it",
      actor: anEdClinician,
      facts: { ...ofPatient({}, "RYR"), isIssuer: true },
      expect: "allow",
    },
    { says: "a patient", actor: aPatient, facts: ofPatient(), expect: "persons-only" },
  ],
});

/** Every link that somebody issued: one's own, or by who restricts records of that trust. */
export const mayEndOfIssuer = definePolicy<{ issuedBy: string }>({
  name: "consent.end-of-issuer",
  decide(actor, { issuedBy }) {
    if (actor.kind !== "person") return deny("persons-only");
    return actor.id === issuedBy || may(actor, "restrict") || may(actor, "review-access")
      ? allow
      : deny("not-for-this-role");
  },
  cases: [
    { says: "one's own", actor: aRadiologist, facts: { issuedBy: aRadiologist.id }, expect: "allow" },
    {
      says: "a privacy officer",
      actor: aPrivacyOfficer,
      facts: { issuedBy: aRadiologist.id },
      expect: "allow",
    },
    {
      says: "a colleague's",
      actor: aRadiographer,
      facts: { issuedBy: aRadiologist.id },
      expect: "not-for-this-role",
    },
    { says: "a patient", actor: aPatient, facts: { issuedBy: aRadiologist.id }, expect: "persons-only" },
  ],
});

/** Rules of release and words to patients: a trust's administrator, or who manages its archive. */
export const maySetRules = definePolicy<null>({
  name: "consent.set-rules",
  decide: (actor) =>
    may(actor, "administer") || may(actor, "manage-archive") ? allow : deny("not-for-this-role"),
  cases: [
    { says: "an administrator", actor: anAdministrator, facts: null, expect: "allow" },
    { says: "a PACS manager", actor: aPacsManager, facts: null, expect: "allow" },
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "not-for-this-role" },
    { says: "a patient", actor: aPatient, facts: null, expect: "not-for-this-role" },
  ],
});

/** One's own tasks, and a trust's rules: every member of its staff. */
export const isStaff = definePolicy<null>({
  name: "consent.staff",
  decide: (actor) => (actor.kind === "person" ? allow : deny("persons-only")),
  cases: [
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a patient", actor: aPatient, facts: null, expect: "persons-only" },
    { says: "a system", actor: aRegionalSystem, facts: null, expect: "persons-only" },
  ],
});

/** What was raised for one, or for one's activity in one's trust. */
export const mayFinish = definePolicy<{ organisation: string; forWhom: string }>({
  name: "consent.finish-task",
  decide(actor, { organisation, forWhom }) {
    if (!isOfTrust(actor, organisation)) return { allowed: false, reason: "not-yours", hide: true };
    const isTheirs =
      actor.id === forWhom || (forWhom === "activity:review-access" && may(actor, "review-access"));
    return isTheirs ? allow : { allowed: false, reason: "not-yours", hide: true };
  },
  cases: [
    {
      says: "for whom it is",
      actor: aRadiologist,
      facts: { organisation: "RXC", forWhom: aRadiologist.id },
      expect: "allow",
    },
    {
      says: "a privacy officer's, by activity",
      actor: aPrivacyOfficer,
      facts: { organisation: "RTK", forWhom: "activity:review-access" },
      expect: "allow",
    },
    {
      says: "another trust's privacy officer",
      actor: aPrivacyOfficer,
      facts: { organisation: "RXC", forWhom: "activity:review-access" },
      expect: "not-yours",
    },
    {
      says: "a colleague's",
      actor: aRadiographer,
      facts: { organisation: "RXC", forWhom: aRadiologist.id },
      expect: "not-yours",
    },
  ],
});

/** What doors and timers of ours do before anybody is known. */
export const systemOnly = definePolicy<unknown>({
  name: "consent.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "our own functions", actor: theSystem, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "system-only" },
    { says: "a patient", actor: aPatient, facts: null, expect: "system-only" },
  ],
});
