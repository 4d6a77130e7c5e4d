import { type Actor, allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aCaldicottGuardian,
  aGateway,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aPrivacyOfficer,
  aRadiographer,
  theSystem,
} from "../kernel/sample-actors.ts";

/** Everyone who works with patients may ask who somebody is: identity only, at most ten, each question on the audit. */
export const mayLookUp = definePolicy<null>({
  name: "patient.look-up",
  decide: (actor) => (may(actor, "view") || may(actor, "list-for-mdt") ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a clinician looks a patient up", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a radiographer does", actor: aRadiographer, facts: null, expect: "allow" },
    {
      says: "a privacy officer reads the audit, not the record",
      actor: aPrivacyOfficer,
      facts: null,
      expect: "not-for-this-role",
    },
    { says: "a gateway sends, it does not ask", actor: aGateway, facts: null, expect: "not-for-this-role" },
  ],
});

export type RecordFacts = { custodian: string };

const managesArchiveOf = (actor: Actor, custodian: string) =>
  actor.kind === "system" ||
  (may(actor, "manage-archive") && actor.kind === "person" && actor.organisation === custodian);

/** What a record is marked as is the word of who restricts for the trust that issued it. */
export const mayRestrict = definePolicy<RecordFacts>({
  name: "patient.restrict",
  decide(actor, { custodian }) {
    if (actor.kind === "system") return allow;
    if (!may(actor, "restrict")) return deny("not-for-this-role");
    return actor.kind === "person" && actor.organisation === custodian ? allow : deny("not-your-trust");
  },
  cases: [
    { says: "the trust's PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "its Caldicott Guardian",
      actor: aCaldicottGuardian,
      facts: { custodian: "RXC" },
      expect: "allow",
    },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: { custodian: "RTK" }, expect: "allow" },
    { says: "the region's set-up", actor: theSystem, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
    { says: "a clinician", actor: anEdClinician, facts: { custodian: "RYR" }, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: { custodian: "RXC" }, expect: "not-for-this-role" },
  ],
});

/** What a record is belongs to the trust that issued it. */
export const mayManageRecord = definePolicy<RecordFacts>({
  name: "patient.manage-record",
  decide: (actor, { custodian }) => (managesArchiveOf(actor, custodian) ? allow : deny("not-your-trust")),
  cases: [
    { says: "the trust's PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    { says: "the region's set-up", actor: theSystem, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
    { says: "a clinician", actor: anEdClinician, facts: { custodian: "RYR" }, expect: "not-your-trust" },
  ],
});
