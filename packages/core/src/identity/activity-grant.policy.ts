import { allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aGateway,
  anAdministrator,
  anEdClinician,
  aRadiologist,
  theSystem,
} from "../kernel/sample-actors.ts";

/** Of whom, and (where there is one already) at which organisation. `null` of a grant: there is none by that id. */
export type GrantFacts = { personId: string | undefined; organisation: string | null };

/** An administrator gives and ends activities at their own organisation, never their own. */
export const mayAdminister = definePolicy<GrantFacts>({
  name: "identity.administer",
  decide(actor, { personId, organisation }) {
    if (actor.kind !== "person" || !may(actor, "administer")) return deny("not-for-this-role");
    if (organisation !== actor.organisation) return { allowed: false, reason: "not-your-trust", hide: true };
    return personId === actor.id ? deny("own-grant") : allow;
  },
  cases: [
    {
      says: "an administrator, for somebody of their trust",
      actor: anAdministrator,
      facts: { personId: "p-1", organisation: "RXC" },
      expect: "allow",
    },
    {
      says: "an administrator reads the list",
      actor: anAdministrator,
      facts: { personId: undefined, organisation: "RXC" },
      expect: "allow",
    },
    {
      says: "an administrator, for themselves",
      actor: anAdministrator,
      facts: { personId: anAdministrator.id, organisation: "RXC" },
      expect: "own-grant",
    },
    {
      says: "another trust's grant",
      actor: anAdministrator,
      facts: { personId: "p-1", organisation: "RA2" },
      expect: "not-your-trust",
    },
    {
      says: "a grant that is none",
      actor: anAdministrator,
      facts: { personId: undefined, organisation: null },
      expect: "not-your-trust",
    },
    {
      says: "a radiologist",
      actor: aRadiologist,
      facts: { personId: "p-1", organisation: "RXC" },
      expect: "not-for-this-role",
    },
    {
      says: "a clinician",
      actor: anEdClinician,
      facts: { personId: undefined, organisation: "RYR" },
      expect: "not-for-this-role",
    },
    {
      says: "a gateway",
      actor: aGateway,
      facts: { personId: "p-1", organisation: "RXC" },
      expect: "not-for-this-role",
    },
    {
      says: "our own functions give nobody anything",
      actor: theSystem,
      facts: { personId: "p-1", organisation: "RXC" },
      expect: "not-for-this-role",
    },
  ],
});
