import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aGateway, anEdClinician, aSystem, theSystem } from "../kernel/sample-actors.ts";

/** Who the trusts of the region are is no secret to anyone who has signed in, nor to a system that reads studies. */
export const signedIn = definePolicy<null>({
  name: "organisation.signed-in",
  decide: (actor) =>
    actor.kind !== "client" || actor.scopes.includes("studies.read") ? allow : deny("not-for-this-client"),
  cases: [
    { says: "a clinician reads the list of trusts", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "our own functions may", actor: theSystem, facts: null, expect: "allow" },
    { says: "a trust's PACS may", actor: aSystem, facts: null, expect: "allow" },
    { says: "a gateway has no use for it", actor: aGateway, facts: null, expect: "not-for-this-client" },
  ],
});

export const systemOnly = definePolicy<null>({
  name: "organisation.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "the region sets itself up", actor: theSystem, facts: null, expect: "allow" },
    { says: "a clinician does not", actor: anEdClinician, facts: null, expect: "system-only" },
    { says: "a gateway does not", actor: aGateway, facts: null, expect: "system-only" },
  ],
});
