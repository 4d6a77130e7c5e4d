import { type Actor, allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aCaldicottGuardian,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aPrivacyOfficer,
  aSafetyOfficer,
} from "../kernel/sample-actors.ts";

const isOf = (actor: Actor, custodian: string) => actor.kind === "person" && actor.organisation === custodian;

/** What a patient asked of a trust is recorded, and ended, by who restricts for that trust. */
export const mayRecordObjection = definePolicy<{ custodian: string }>({
  name: "access.record-objection",
  decide(actor, { custodian }) {
    if (!may(actor, "restrict")) return deny("not-for-this-role");
    return isOf(actor, custodian) ? allow : deny("not-your-trust");
  },
  cases: [
    {
      says: "the trust's privacy officer",
      actor: aPrivacyOfficer,
      facts: { custodian: "RTK" },
      expect: "allow",
    },
    { says: "its PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "its Caldicott Guardian",
      actor: aCaldicottGuardian,
      facts: { custodian: "RXC" },
      expect: "allow",
    },
    {
      says: "its clinical safety officer",
      actor: aSafetyOfficer,
      facts: { custodian: "RXC" },
      expect: "not-for-this-role",
    },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
    { says: "a clinician", actor: anEdClinician, facts: { custodian: "RYR" }, expect: "not-for-this-role" },
  ],
});

/** Who of the staff a patient is, is known to their trust's privacy officer and closed to themselves. */
export const mayStateOwnRecord = definePolicy<{ custodian: string }>({
  name: "access.state-own-record",
  decide(actor, { custodian }) {
    if (!may(actor, "review-access")) return deny("not-for-this-role");
    return isOf(actor, custodian) ? allow : deny("not-your-trust");
  },
  cases: [
    {
      says: "the trust's privacy officer",
      actor: aPrivacyOfficer,
      facts: { custodian: "RTK" },
      expect: "allow",
    },
    {
      says: "another trust's",
      actor: aPrivacyOfficer,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
    {
      says: "its PACS manager",
      actor: aPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-for-this-role",
    },
  ],
});
