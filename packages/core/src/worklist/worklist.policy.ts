import * as Access from "../access/index.ts";
import { allow, definePolicy, deny, keepsAtEdge } from "../kernel/index.ts";
import {
  aCoordinator,
  aGateway,
  anEdClinician,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aSystem,
  theSystem,
} from "../kernel/sample-actors.ts";

/** A list holds only what its scope allows; that a person may ask for their own is no secret. */
export const mayList = definePolicy<null>({
  name: "worklist.list",
  decide: (actor) => (actor.kind === "person" ? allow : deny("people-only")),
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a radiographer", actor: aRadiographer, facts: null, expect: "allow" },
    { says: "a coordinator", actor: aCoordinator, facts: null, expect: "allow" },
    { says: "a privacy officer, whose list is empty", actor: aPrivacyOfficer, facts: null, expect: "allow" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "people-only" },
    { says: "our own functions have no list", actor: theSystem, facts: null, expect: "people-only" },
  ],
});

/** A trust's own work, for its own modalities, by its gateway. */
export const mayListProcedures = definePolicy<null>({
  name: "worklist.list-procedures",
  decide: (actor) =>
    actor.kind === "client" && actor.scopes.includes("worklist.read") ? allow : deny("not-for-this-role"),
  cases: [
    {
      says: "a gateway that may ask for it",
      actor: { ...aGateway, scopes: ["worklist.read"] },
      facts: null,
      expect: "allow",
    },
    { says: "a gateway that may only send", actor: aGateway, facts: null, expect: "not-for-this-role" },
    { says: "a person has their own list", actor: aRadiographer, facts: null, expect: "not-for-this-role" },
  ],
});

const keeping = (...scopes: string[]) => ({ ...aSystem, scopes: [...scopes, "edge.cache"] });

/** What a client may read may be kept for it at the edge only if it was registered for that too. */
export const mayKeepAtEdge = definePolicy<null>({
  name: "worklist.keep-at-edge",
  decide: (actor) =>
    keepsAtEdge(actor) && Access.readingScope(actor) !== undefined ? allow : deny("not-for-this-role"),
  cases: [
    { says: "a system that is kept for", actor: keeping("studies.read"), facts: null, expect: "allow" },
    {
      says: "a system of the region that is kept for",
      actor: keeping("studies.read.region"),
      facts: null,
      expect: "allow",
    },
    { says: "a system that reads online alone", actor: aSystem, facts: null, expect: "not-for-this-role" },
    { says: "a client that reads nothing", actor: keeping(), facts: null, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
    { says: "a person", actor: aRadiologist, facts: null, expect: "not-for-this-role" },
    { says: "our own functions", actor: theSystem, facts: null, expect: "not-for-this-role" },
  ],
});
