import { allow, definePolicy, deny, may } from "../kernel/index.ts";
import { aGateway, anEdClinician, aPacsManager, aRadiologist } from "../kernel/sample-actors.ts";

/** A statement opens no sensitive class: that is the reading policy's to refuse, so a statement may always be made. */
export const mayState = definePolicy<null>({
  name: "access.state-relationship",
  decide: (actor) => (may(actor, "state-relationship") ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a clinician states why", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a radiologist who is asked for an opinion", actor: aRadiologist, facts: null, expect: "allow" },
    { says: "a PACS manager treats nobody", actor: aPacsManager, facts: null, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
  ],
});
