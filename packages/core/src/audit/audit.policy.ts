import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aPrivacyOfficer, theSystem } from "../kernel/sample-actors.ts";

export const systemOnly = definePolicy<null>({
  name: "audit.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "a timer relays", actor: theSystem, facts: null, expect: "allow" },
    { says: "a person does not", actor: aPrivacyOfficer, facts: null, expect: "system-only" },
  ],
});
