import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aRadiologist, theSystem } from "../kernel/sample-actors.ts";

export const systemOnly = definePolicy<null>({
  name: "message.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "our own function takes a message in", actor: theSystem, facts: null, expect: "allow" },
    { says: "nobody types a report state in", actor: aRadiologist, facts: null, expect: "system-only" },
  ],
});
