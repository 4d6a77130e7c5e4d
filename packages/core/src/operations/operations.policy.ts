import { allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aGateway,
  anAdministrator,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aPatient,
  aRadiographer,
  aReadOnlyClient,
  aSafetyOfficer,
  theSystem,
} from "../kernel/sample-actors.ts";

/** How a trust's own images come in, lie and wait: its PACS manager's. The trust asked for is always the asker's own. */
export const mayWatchOperations = definePolicy<null>({
  name: "operations.watch",
  decide: (actor) => (may(actor, "manage-archive") ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a PACS manager", actor: aPacsManager, facts: null, expect: "allow" },
    { says: "another trust's, of their own", actor: anotherPacsManager, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "not-for-this-role" },
    { says: "a radiographer", actor: aRadiographer, facts: null, expect: "not-for-this-role" },
    { says: "a safety officer", actor: aSafetyOfficer, facts: null, expect: "not-for-this-role" },
    { says: "an administrator", actor: anAdministrator, facts: null, expect: "not-for-this-role" },
    { says: "the trust's gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
    { says: "a patient", actor: aPatient, facts: null, expect: "not-for-this-role" },
  ],
});

/** A trust's gateway tells how it stands, in its own name alone. */
export const mayTellStanding = definePolicy<null>({
  name: "operations.tell-gateway",
  decide: (actor) =>
    actor.kind === "client" && actor.scopes.includes("inbox.write") ? allow : deny("not-for-this-role"),
  cases: [
    { says: "the trust's gateway", actor: aGateway, facts: null, expect: "allow" },
    { says: "a client that doesn't send", actor: aReadOnlyClient, facts: null, expect: "not-for-this-role" },
    { says: "a PACS manager", actor: aPacsManager, facts: null, expect: "not-for-this-role" },
    { says: "our own function", actor: theSystem, facts: null, expect: "not-for-this-role" },
  ],
});

/** Our own timer counts what came in. */
export const systemOnly = definePolicy<null>({
  name: "operations.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "a timer", actor: theSystem, facts: null, expect: "allow" },
    { says: "a PACS manager", actor: aPacsManager, facts: null, expect: "system-only" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "system-only" },
  ],
});
