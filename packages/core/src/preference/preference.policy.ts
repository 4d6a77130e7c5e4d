import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aGateway, anEdClinician, theSystem } from "../kernel/sample-actors.ts";

/** One's own, whatever one's role: nobody reads or changes another's. */
export const ownPreference = definePolicy<object>({
  name: "preference.own",
  decide: (actor) => (actor.kind === "person" ? allow : deny("persons-only")),
  cases: [
    { says: "a person", actor: anEdClinician, facts: {}, expect: "allow" },
    { says: "a gateway has none", actor: aGateway, facts: {}, expect: "persons-only" },
    { says: "the system has none", actor: theSystem, facts: {}, expect: "persons-only" },
  ],
});
