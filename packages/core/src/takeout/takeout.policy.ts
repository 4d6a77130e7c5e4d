import { decideReading, type ReadingFacts, sampleFacts } from "../access/index.ts";
import { type Actor, allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aCaldicottGuardian,
  aGateway,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aSystem,
} from "../kernel/sample-actors.ts";

export type TakeoutFacts = {
  /** Whose images are taken out; an actor takes out nothing of another trust. */
  custodian: string;
  of: "trust" | "patient";
  sensitivities: readonly string[];
};

const isOf = (actor: Actor, custodian: string) => actor.kind === "person" && actor.organisation === custodian;

/**
 * A whole trust is taken out by its PACS manager, one person's record by its privacy officer or PACS manager. A restricted
 * person's record alone only by the privacy officer: the law gives that person their record, and nobody else a look.
 */
export const mayTakeOut = definePolicy<TakeoutFacts>({
  name: "takeout.take-out",
  decide(actor, { custodian, of, sensitivities }) {
    const answersPatients = may(actor, "take-out");
    if (!may(actor, "manage-archive") && !(answersPatients && of === "patient"))
      return deny("not-for-this-role");
    if (!isOf(actor, custodian)) return deny("not-your-trust");
    if (of === "patient" && sensitivities.length > 0 && !answersPatients) return deny("sensitive");
    return allow;
  },
  cases: [
    {
      says: "the PACS manager of a trust that leaves, restricted records too",
      actor: aPacsManager,
      facts: { custodian: "RXC", of: "trust", sensitivities: ["vip"] },
      expect: "allow",
    },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC", of: "trust", sensitivities: [] },
      expect: "not-your-trust",
    },
    {
      says: "a privacy officer takes out no trust",
      actor: aPrivacyOfficer,
      facts: { custodian: "RTK", of: "trust", sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "a privacy officer answers a person's request",
      actor: aPrivacyOfficer,
      facts: { custodian: "RTK", of: "patient", sensitivities: [] },
      expect: "allow",
    },
    {
      says: "and a restricted person's",
      actor: aPrivacyOfficer,
      facts: { custodian: "RTK", of: "patient", sensitivities: ["staff"] },
      expect: "allow",
    },
    {
      says: "not another trust's",
      actor: aPrivacyOfficer,
      facts: { custodian: "RXC", of: "patient", sensitivities: [] },
      expect: "not-your-trust",
    },
    {
      says: "a PACS manager for a person's request",
      actor: aPacsManager,
      facts: { custodian: "RXC", of: "patient", sensitivities: [] },
      expect: "allow",
    },
    {
      says: "not a restricted person's",
      actor: aPacsManager,
      facts: { custodian: "RXC", of: "patient", sensitivities: ["staff"] },
      expect: "sensitive",
    },
    {
      says: "a Caldicott Guardian reviews, and takes nothing out",
      actor: aCaldicottGuardian,
      facts: { custodian: "RXC", of: "patient", sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "a radiographer",
      actor: aRadiographer,
      facts: { custodian: "RXC", of: "patient", sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "a clinician",
      actor: anEdClinician,
      facts: { custodian: "RYR", of: "patient", sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "a gateway",
      actor: aGateway,
      facts: { custodian: "RXC", of: "trust", sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "a trust's other system",
      actor: aSystem,
      facts: { custodian: "RXC", of: "trust", sensitivities: [] },
      expect: "not-for-this-role",
    },
  ],
});

/** A picture, or a study as files, is taken out by who reads the study, as a person: a system has DICOMweb. */
export const mayTakePicture = definePolicy<ReadingFacts>({
  name: "takeout.take-picture",
  decide(actor, facts) {
    const reading = decideReading(actor, facts);
    if (!reading.allowed) return reading;
    return actor.kind === "person" ? allow : deny("not-for-this-role");
  },
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: sampleFacts("RTK"), expect: "allow" },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: sampleFacts("RYR"),
      expect: "no-relationship",
    },
    { says: "a trust's system", actor: aSystem, facts: sampleFacts("RXC"), expect: "not-for-this-role" },
    {
      says: "a privacy officer",
      actor: aPrivacyOfficer,
      facts: sampleFacts("RTK"),
      expect: "not-for-this-role",
    },
  ],
});
